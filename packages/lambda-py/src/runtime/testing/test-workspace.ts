import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Zippable } from 'fflate';

/** A folder for one spec, which stands for a workspace. */
export interface TestWorkspace {
  /** Absolute path. */
  readonly root: string;
  /** Writes a file of text; returns its absolute path. */
  write(path: string, text: string): string;
  /** Writes a zip of text files; returns its absolute path. */
  zip(path: string, files: Readonly<Record<string, string>>): string;
  /** Removes all. */
  remove(): void;
}

/**
 * Makes an empty workspace in the folder for temporary files.
 *
 * @returns the workspace, which the spec must remove
 */
export function makeTestWorkspace(): TestWorkspace {
  const root = mkdtempSync(join(tmpdir(), 'lambda-py-spec-'));
  const write = (path: string, content: string | Uint8Array): string => {
    const absolute = join(root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    return absolute;
  };
  return {
    root,
    write,
    zip: (path, files) =>
      write(
        path,
        zipSync(
          Object.fromEntries(
            Object.entries(files).map(([name, text]) => [name, strToU8(text)]),
          ) satisfies Zippable,
        ),
      ),
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}
