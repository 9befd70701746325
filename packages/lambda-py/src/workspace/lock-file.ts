import { isAbsolute } from 'node:path';
import { LambdaPyError } from './errors';
import { checkLockDocument, LockShapeError } from './lock-shape';
import type {
  DependencyTable,
  LockDocument,
  LockedPackage,
} from './lock-shape';
import { LOCK_FILE, readLockText } from './lock-text';
import { normaliseProjectName } from './names';
import { parseToml } from './toml';
import type { TomlTable } from './toml';

export { LOCK_FILE } from './lock-text';

export type { LockedDependency, LockedPackage } from './lock-shape';

/** A member of the uv workspace, as uv.lock has it. */
export interface LockedMember {
  /** PEP 503 name. */
  readonly name: string;
  /** The member's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
}

/** uv.lock as data. */
export interface LockFile {
  readonly requiresPython: string;
  /** The dependency groups of a root that is no project itself. */
  readonly rootGroups: DependencyTable;
  /** The locked packages by name; a name may be locked in several versions, one for each marker. */
  readonly packages: ReadonlyMap<string, readonly LockedPackage[]>;
  /** The workspace's members by name; `undefined` in the lock file of a single project. */
  readonly memberNames?: ReadonlySet<string>;
}

/**
 * Reads the workspace's uv.lock.
 *
 * @param workspaceRoot - absolute path
 * @returns the lock file; `undefined` where there is none yet
 * @throws {@link LambdaPyError} when it is no valid lock file, for instance after a merge conflict
 */
export function readLockFile(workspaceRoot: string): LockFile | undefined {
  const text = readLockText(workspaceRoot);
  if (text === undefined) return undefined;
  if (latest?.text !== text) latest = { text, lock: parseLockFile(text) };
  return latest.lock;
}

/** What one process does asks for the same lock file again and again; parsing a large one takes a tenth of a second. */
let latest: { readonly text: string; readonly lock: LockFile } | undefined;

/**
 * Parses a lock file.
 *
 * @param text - the content of uv.lock
 * @returns the lock file
 * @throws {@link LambdaPyError} when the text is no valid lock file
 */
export function parseLockFile(text: string): LockFile {
  const conflict = /^(?:<{7}|>{7}) /m.exec(text);
  const mend = 'uv lock';
  if (conflict !== null) {
    throw new LambdaPyError({
      file: LOCK_FILE,
      location: `line ${text.slice(0, conflict.index).split('\n').length}`,
      problem: 'the file has merge conflict markers',
      mend: `git checkout --ours ${LOCK_FILE} && ${mend}`,
    });
  }
  const { requiresPython, rootGroups, members, ...document } = checked(
    parseToml(text, LOCK_FILE),
    mend,
  );
  const packages = new Map<string, LockedPackage[]>();
  for (const locked of document.packages) {
    const name = normaliseProjectName(locked.name);
    const versions = packages.get(name);
    if (versions === undefined) packages.set(name, [locked]);
    else versions.push(locked);
  }
  return {
    requiresPython,
    rootGroups,
    packages,
    ...(members === undefined
      ? {}
      : { memberNames: new Set(members.map(normaliseProjectName)) }),
  };
}

function checked(document: TomlTable, mend: string): LockDocument {
  try {
    return checkLockDocument(document);
  } catch (error) {
    if (!(error instanceof LockShapeError)) throw error;
    throw new LambdaPyError({
      file: LOCK_FILE,
      location: error.location,
      problem: 'the lock file is not as uv writes it',
      found: error.message,
      mend,
    });
  }
}

/**
 * Tells whether a locked package is a member of the workspace, and where it stands.
 *
 * uv writes a member's source as `editable`, as `directory` (`editable = false`) or as `virtual` (`package = false`).
 *
 * @param locked - a locked package
 * @returns the member; `undefined` for a package from an index, a URL or outside of the workspace
 */
export function memberOf(locked: LockedPackage): LockedMember | undefined {
  const folder =
    locked.source['editable'] ??
    locked.source['directory'] ??
    locked.source['virtual'];
  if (typeof folder !== 'string' || isOutside(folder)) return undefined;
  return {
    name: normaliseProjectName(locked.name),
    projectRoot: folder.replaceAll('\\', '/').replace(/\/+$/, ''),
  };
}

/** uv writes an absolute path where the pyproject.toml has one. */
function isOutside(folder: string): boolean {
  return folder.startsWith('..') || isAbsolute(folder);
}
