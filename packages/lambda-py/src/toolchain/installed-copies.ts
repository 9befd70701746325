import { createHash } from 'node:crypto';
import {
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { ENVIRONMENT_FOLDER } from '../workspace/environment-folder';
import type { LockFile } from '../workspace/lock-file';
import { normaliseProjectName } from '../workspace/names';
import { readTextIfPresent } from '../workspace/text-file';

/** The file in the environment that tells which sources its copies were made from. */
const STAMP = '.lambda-py-copies';

/** No part of a wheel, and large or never the same for long. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  '.git',
  '.mypy_cache',
  '.nx',
  '.pytest_cache',
  '.ruff_cache',
  '.venv',
  '__pycache__',
  'node_modules',
]);

/** A folder that the environment holds a copy of: `editable = false`, or a dependency by path that is not editable. */
export interface InstalledCopy {
  /** PEP 503 name. */
  readonly name: string;
  /** Relative to the workspace root, or absolute. */
  readonly folder: string;
}

/** What the environment's copies need before a task may look at them. */
export interface CopiesToSync {
  /** Arguments of `uv sync`. */
  readonly args: readonly string[];
  /** Notes what the copies were made from; called once `uv sync` has made them. */
  readonly save: () => void;
}

/**
 * The folders that uv installs as copies, according to uv.lock.
 *
 * @param lock - the lock file
 * @returns none in most workspaces
 */
export function copiesOf(lock: LockFile): readonly InstalledCopy[] {
  return [...lock.packages.values()].flat().flatMap((locked) => {
    const folder = locked.source['directory'];
    return typeof folder === 'string'
      ? [{ name: normaliseProjectName(locked.name), folder }]
      : [];
  });
}

/**
 * Tells what `uv sync` has to be told of copies whose sources have changed: uv looks at their pyproject.toml alone, and
 * keeps what it has built of them once.
 *
 * A copy is installed anew only where it has to be, since other tasks may be reading it: by the content of its sources,
 * and by who installed it last.
 *
 * @param workspaceRoot - absolute path
 * @param copies - see {@link copiesOf}
 * @returns nothing to be told where every copy is true to its sources
 */
export function copiesToSync(
  workspaceRoot: string,
  copies: readonly InstalledCopy[],
): CopiesToSync {
  if (copies.length === 0) return { args: [], save: () => undefined };
  const stamp = join(workspaceRoot, ENVIRONMENT_FOLDER, STAMP);
  const before = readTextIfPresent(stamp);
  const known = new Set(before?.split('\n'));
  // Before uv reads them: what is edited meanwhile is seen the next time.
  const sources = new Map(
    copies.map((copy) => [copy, digestOf(resolve(workspaceRoot, copy.folder))]),
  );
  const linesOf = (records: ReadonlyMap<string, string>): readonly string[] =>
    [...sources].map(
      ([{ name }, digest]) => `${name} ${digest} ${records.get(name) ?? ''}`,
    );
  const installed = installedRecords(workspaceRoot);
  const lines = linesOf(installed);
  return {
    args: copies.flatMap(({ name }, index) =>
      known.has(lines[index] ?? '')
        ? []
        : [
            // What is not there yet must not be replaced by each of the tasks that wait for uv.
            installed.has(name) ? '--reinstall-package' : '--refresh-package',
            name,
          ],
    ),
    save: () => {
      const text = linesOf(installedRecords(workspaceRoot)).join('\n');
      if (text !== before) writeFileSync(stamp, text);
    },
  };
}

/** When and where each distribution's RECORD was written, by PEP 503 name: each installation writes another one. */
function installedRecords(workspaceRoot: string): ReadonlyMap<string, string> {
  const environment = join(workspaceRoot, ENVIRONMENT_FOLDER);
  const records = new Map<string, string>();
  const libraries = [
    join(environment, 'Lib'),
    ...namesIn(join(environment, 'lib')).map((name) =>
      join(environment, 'lib', name),
    ),
  ];
  for (const library of libraries) {
    const folder = join(library, 'site-packages');
    for (const entry of namesIn(folder)) {
      const name = /^(.+)-[^-]+\.dist-info$/.exec(entry)?.[1];
      if (name === undefined) continue;
      const record = statSync(join(folder, entry, 'RECORD'), {
        throwIfNoEntry: false,
      });
      if (record !== undefined) {
        records.set(
          normaliseProjectName(name),
          `${record.ino}-${record.mtimeMs}`,
        );
      }
    }
  }
  return records;
}

/** A digest of all files of a folder, by path and content. */
function digestOf(root: string): string {
  const hash = createHash('sha256');
  const visit = (folder: string, path: string, above: readonly string[]) => {
    const real = realpathSync(folder);
    // A link to a folder above itself has no end.
    if (above.includes(real)) return;
    for (const name of namesIn(folder)) {
      if (LEFT_OUT.has(name)) continue;
      const file = join(folder, name);
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats?.isDirectory() === true) {
        visit(file, `${path}${name}/`, [...above, real]);
      } else if (stats?.isFile() === true) {
        const content = readFileSync(file);
        hash.update(`${path}${name}\0${content.length}\0`).update(content);
      }
    }
  };
  // A folder that is missing is uv's to name.
  if (statSync(root, { throwIfNoEntry: false }) !== undefined) {
    visit(root, '', []);
  }
  return hash.digest('hex');
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
