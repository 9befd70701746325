import {
  directMembers,
  extrasOf,
  groupNames,
  memberDigest,
  packedMembers,
  pathDependencies,
  toolchainDigest,
} from './closure';
import { memberOf, parseLockFile } from './lock-file';
import type { LockedMember, LockFile } from './lock-file';

/** A member of the uv workspace, or a local dependency by path, as uv.lock has it. */
export interface LockedMemberSummary {
  /** PEP 503 name. */
  readonly name: string;
  /** The member's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
  /** False for a local dependency by path, which is locked like a member. */
  readonly isMember: boolean;
  /** The digest of all that its locked requirements are made from. */
  readonly digest: string;
  /** The same with all of its extras; none where it has no extras. */
  readonly digestWithExtras?: string;
  /** The members that it names: at run time, in its extras and in its dependency groups. */
  readonly memberNames: readonly string[];
  /** The members that reach its artifact, where it depends on more of them; see {@link packedMembers}. */
  readonly packedNames?: readonly string[];
  /** The folders of dependencies by path that are no members, relative to the workspace root. */
  readonly pathDependencies: readonly string[];
}

/** `[tool.uv] default-groups`: the dependency groups that the environment is made with. */
export type DefaultGroups = readonly string[] | 'all';

/** What uv installs where the root's pyproject.toml says nothing else. */
export const DEFAULT_GROUPS: DefaultGroups = ['dev'];

/** What graph creation and `nx sync` need of uv.lock: plain data, a hundredth of the file, that can be kept. */
export interface LockSummary {
  readonly members: readonly LockedMemberSummary[];
  /** The digest of all that the toolchain's locked requirements are made from. */
  readonly toolchainDigest: string;
  /** The dependency groups that they are made from. */
  readonly toolchainGroups: readonly string[];
}

/**
 * Summarises a lock file.
 *
 * @param text - the content of uv.lock
 * @param defaultGroups - what the root's pyproject.toml says
 * @returns plain data that depends on these two alone
 * @throws {@link LambdaPyError} when the text is no valid lock file
 */
export function summariseLock(
  text: string,
  defaultGroups: DefaultGroups = DEFAULT_GROUPS,
): LockSummary {
  const lock = parseLockFile(text);
  const toolchainGroups =
    defaultGroups === 'all' ? groupNames(lock) : defaultGroups;
  return {
    members: [...lock.packages.values()]
      .flat()
      .map(memberOf)
      .filter((member) => member !== undefined)
      .map((member) => summariseMember(lock, member)),
    toolchainDigest: toolchainDigest(lock, toolchainGroups),
    toolchainGroups,
  };
}

function summariseMember(
  lock: LockFile,
  { name, projectRoot }: LockedMember,
): LockedMemberSummary {
  const extras = extrasOf(lock, name);
  const packedNames = packedMembers(lock, name);
  return {
    name,
    projectRoot,
    isMember: lock.memberNames?.has(name) !== false,
    digest: memberDigest(lock, name),
    ...(extras.length === 0
      ? {}
      : { digestWithExtras: memberDigest(lock, name, extras) }),
    memberNames: directMembers(lock, name),
    ...(packedNames === undefined ? {} : { packedNames }),
    pathDependencies: pathDependencies(lock, name),
  };
}
