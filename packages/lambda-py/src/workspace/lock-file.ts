import { z } from 'zod';
import { LambdaPyError } from './errors';
import { LOCK_FILE, readLockText } from './lock-text';
import { normaliseProjectName } from './names';
import { parseToml } from './toml';

export { LOCK_FILE } from './lock-text';

const dependencySchema = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  extra: z.array(z.string()).optional(),
  // The groups of a root that is no project write it so.
  extras: z.array(z.string()).optional(),
});
const dependencyTable = z.record(z.string(), z.array(dependencySchema));
const artifactSchema = z.looseObject({ hash: z.string().optional() });
const packageSchema = z.looseObject({
  name: z.string(),
  version: z.string().optional(),
  source: z.record(z.string(), z.unknown()),
  dependencies: z.array(dependencySchema).default([]),
  'optional-dependencies': dependencyTable.default({}),
  'dev-dependencies': dependencyTable.default({}),
  sdist: artifactSchema.optional(),
  wheels: z.array(artifactSchema).default([]),
});
const lockSchema = z.looseObject({
  'requires-python': z.string().default(''),
  manifest: z
    .looseObject({
      members: z.array(z.string()).optional(),
      'dependency-groups': dependencyTable.default({}),
    })
    .optional(),
  package: z.array(packageSchema).default([]),
});

/** A dependency of a locked package. */
export type LockedDependency = z.infer<typeof dependencySchema>;

/** One `[[package]]` of uv.lock. */
export type LockedPackage = z.infer<typeof packageSchema>;

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
  readonly rootGroups: Readonly<Record<string, readonly LockedDependency[]>>;
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
  return text === undefined ? undefined : parseLockFile(text);
}

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
  const parsed = lockSchema.safeParse(parseToml(text, LOCK_FILE));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new LambdaPyError({
      file: LOCK_FILE,
      location: issue?.path.join('.') ?? '',
      problem: 'the lock file is not as uv writes it',
      found: issue?.message ?? '',
      mend,
    });
  }
  const packages = new Map<string, LockedPackage[]>();
  for (const locked of parsed.data.package) {
    const name = normaliseProjectName(locked.name);
    const versions = packages.get(name);
    if (versions === undefined) packages.set(name, [locked]);
    else versions.push(locked);
  }
  const members = parsed.data.manifest?.members;
  return {
    requiresPython: parsed.data['requires-python'],
    rootGroups: parsed.data.manifest?.['dependency-groups'] ?? {},
    packages,
    ...(members === undefined
      ? {}
      : { memberNames: new Set(members.map(normaliseProjectName)) }),
  };
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
  if (typeof folder !== 'string' || folder.startsWith('..')) return undefined;
  return {
    name: normaliseProjectName(locked.name),
    projectRoot: folder.replaceAll('\\', '/').replace(/\/+$/, ''),
  };
}
