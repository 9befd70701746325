import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workspace } from '../support/workspace';
import { visibleBy } from './visible';
import type { Visible } from './visible';
import { digest, Wheels } from './wheels';

/** A Python project, as the oracle finds it. */
interface Project {
  readonly name: string;
  readonly folder: string;
  readonly pyproject: string;
}

type Files = ReadonlyMap<string, string>;

const IS_TYPED = /(?:\.pyi?|\/py\.typed)$/;

/**
 * Knows what every target of every project would see if everything were made from scratch: the files that git sees,
 * the wheels that uv builds of them, and the versions that uv exports. It knows nothing of the plugin.
 */
export class Oracle {
  private readonly wheels: Wheels;
  private readonly exports = new Map<string, Visible>();

  constructor(private readonly workspace: Workspace) {
    this.wheels = new Wheels(workspace);
  }

  /**
   * Looks at the workspace as it is now. Its uv.lock has to be true to its pyproject files.
   *
   * @returns for every task, by `project:target`, a digest of all that it sees
   */
  look(): ReadonlyMap<string, string> {
    const files = this.filesOfGit();
    // What uv exports depends on uv.lock, which tells too what the pyproject files ask for.
    const lockState = files.get('uv.lock') ?? '';
    const visible = (...args: string[]): Visible =>
      this.exported(lockState, args);
    const tools = visible('--only-dev').pins;
    const installed = new Set(visible('--all-packages').pins);
    const seen = new Map<string, string>();
    for (const project of this.projects(files)) {
      const { name, folder, pyproject } = project;
      const own = filesIn(files, folder);
      const { folders, pins } = visible('--package', name, '--all-extras');
      const others = folders.filter((other) => other !== folder);
      // An extra that nobody asks for is not installed.
      const locked = pins.filter((pin) => installed.has(pin));
      const shared = [...locked, ...tools, textOf(files, '.python-version')];
      seen.set(
        `${name}:lint`,
        digest([
          ...pairs(own, (file) => /\.(?:pyi?|toml)$/.test(file)),
          ...pairs(files, (file) => /^(?:pyproject|ruff)\.toml$/.test(file)),
          ...tools,
        ]),
      );
      seen.set(
        `${name}:typecheck`,
        digest([
          ...pairs(own, (file) => IS_TYPED.test(file)),
          ...others.flatMap((other) =>
            pairs(importable(files, other), (file) => IS_TYPED.test(file)),
          ),
          ...pairs(files, (file) => /^typings\/|^pyrightconfig/.test(file)),
          ...shared,
        ]),
      );
      seen.set(
        `${name}:test`,
        digest([
          ...pairs(own),
          ...others.map((other) => this.built(other, files)),
          ...(pyproject.includes('[tool.pytest')
            ? []
            : [textOf(files, 'pytest.ini')]),
          ...shared,
        ]),
      );
      if (!pyproject.includes('handler = ')) continue;
      const packed = visible('--package', name, '--no-default-groups');
      seen.set(
        `${name}:pack`,
        digest([
          ...packed.folders.map((other) => this.built(other, files)),
          ...packed.pins,
          /\[tool\.lambda-py\][^[]*/.exec(pyproject)?.[0] ?? '',
        ]),
      );
    }
    return seen;
  }

  /** What installing a folder brings; one that is not built is read where it is. */
  private built(folder: string, files: Files): string {
    const own = filesIn(files, folder);
    return folder === 'libs/seed-data'
      ? digest(pairs(own, (file) => !/\/tests\/|\.md$|\.txt$/.test(file)))
      : this.wheels.contentOf(folder, own);
  }

  private exported(lockState: string, args: readonly string[]): Visible {
    const key = digest([lockState, ...args]);
    let visible = this.exports.get(key);
    if (visible === undefined) {
      visible = visibleBy(this.workspace, args);
      this.exports.set(key, visible);
    }
    return visible;
  }

  private projects(files: Files): readonly Project[] {
    return [...files.keys()]
      .filter((file) =>
        /^(?:libs|services)\/[^/]+\/pyproject\.toml$/.test(file),
      )
      .map((file) => {
        const pyproject = this.workspace.read(file);
        const name = /^name = "(.*)"$/m.exec(pyproject)?.[1] ?? '';
        return {
          name: name.replaceAll('_', '-'),
          folder: file.replace('/pyproject.toml', ''),
          pyproject,
        };
      });
  }

  /** The content of every file that git tracks, or would add. */
  private filesOfGit(): Files {
    const names = this.workspace
      .expect('git', [
        ...['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
      ])
      .split('\0')
      .filter((file) => file !== '')
      .filter((file) => existsSync(join(this.workspace.root, file)))
      .sort();
    return new Map(
      names.map((file) => [
        file,
        createHash('sha256')
          .update(readFileSync(join(this.workspace.root, file)))
          .digest('hex'),
      ]),
    );
  }
}

function filesIn(files: Files, folder: string): Files {
  return new Map(
    [...files].filter(
      ([file]) =>
        file.startsWith(`${folder}/`) &&
        // Made from uv.lock, which uv is asked for.
        file !== `${folder}/requirements.txt`,
    ),
  );
}

/** What can be imported of a folder: its `src`, or where it has none, all but its tests. */
function importable(files: Files, folder: string): Files {
  const sources = filesIn(files, `${folder}/src`);
  if (sources.size > 0) return sources;
  return new Map(
    [...filesIn(files, folder)].filter(
      ([file]) => !file.startsWith(`${folder}/tests/`),
    ),
  );
}

function pairs(
  files: Files,
  isWanted: (file: string) => boolean = () => true,
): string[] {
  return [...files].filter(([file]) => isWanted(file)).flat();
}

function textOf(files: Files, file: string): string {
  return files.get(file) ?? '';
}
