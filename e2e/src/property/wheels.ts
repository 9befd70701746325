import { unzipSync } from 'fflate';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Workspace } from '../support/workspace';

/**
 * A digest of texts, in order.
 *
 * @param parts - the texts
 * @returns SHA-256 in hex
 */
export function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Builds the wheels of folders from nothing but the files that git sees, and tells them apart by their content. */
export class Wheels {
  private readonly known = new Map<string, string>();

  constructor(private readonly workspace: Workspace) {}

  /**
   * The content of a folder's wheel.
   *
   * @param folder - relative to the workspace root
   * @param files - what git sees in it, relative to the workspace root, with a digest each
   * @returns a digest of the wheel's files
   */
  contentOf(folder: string, files: ReadonlyMap<string, string>): string {
    const key = digest([folder, ...[...files].flat()]);
    let content = this.known.get(key);
    if (content === undefined) {
      content = this.build(folder, [...files.keys()]);
      this.known.set(key, content);
    }
    return content;
  }

  private build(folder: string, files: readonly string[]): string {
    const work = mkdtempSync(join(tmpdir(), 'lambda-py-oracle-'));
    try {
      for (const file of files) {
        const copy = join(work, 'copy', file);
        mkdirSync(dirname(copy), { recursive: true });
        copyFileSync(join(this.workspace.root, file), copy);
      }
      const output = join(work, 'wheel');
      this.workspace.uv([
        ...['build', '--quiet', '--wheel', '--no-sources'],
        ...['--python', join(this.workspace.root, '.venv', 'bin', 'python')],
        ...['--out-dir', output, join(work, 'copy', folder)],
      ]);
      const [wheel = ''] = readdirSync(output).filter((name) =>
        name.endsWith('.whl'),
      );
      return digest(
        Object.entries(unzipSync(readFileSync(join(output, wheel))))
          // Notes of the build backend, which reach no artifact.
          .filter(([path]) => !/\.dist-info\/(?:RECORD|WHEEL)$/.test(path))
          .map(([path, content]) => [
            path,
            Buffer.from(content).toString('hex'),
          ])
          .sort()
          .flat(),
      );
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
}
