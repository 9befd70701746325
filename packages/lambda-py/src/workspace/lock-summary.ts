import { directMembers, memberDigest, toolchainDigest } from './closure';
import { memberOf, parseLockFile } from './lock-file';

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
  /** The members that it names: at run time, in its extras and in its dependency groups. */
  readonly memberNames: readonly string[];
}

/** What graph creation and `nx sync` need of uv.lock: plain data, a hundredth of the file, that can be kept. */
export interface LockSummary {
  readonly members: readonly LockedMemberSummary[];
  /** The digest of all that the toolchain's locked requirements are made from. */
  readonly toolchainDigest: string;
}

/**
 * Summarises a lock file.
 *
 * @param text - the content of uv.lock
 * @returns plain data that depends on the text alone
 * @throws {@link LambdaPyError} when the text is no valid lock file
 */
export function summariseLock(text: string): LockSummary {
  const lock = parseLockFile(text);
  return {
    members: [...lock.packages.values()]
      .flat()
      .map(memberOf)
      .filter((member) => member !== undefined)
      .map(({ name, projectRoot }) => ({
        name,
        projectRoot,
        isMember: lock.memberNames?.has(name) !== false,
        digest: memberDigest(lock, name),
        memberNames: directMembers(lock, name),
      })),
    toolchainDigest: toolchainDigest(lock),
  };
}
