import { memberOf } from '../../workspace/lock-file';
import type { LockFile } from '../../workspace/lock-file';
import {
  memberRequirements,
  requirementsState,
  toolchainRequirements,
} from '../../workspace/requirements';
import type { LockedRequirements } from '../../workspace/requirements';

/**
 * The locked requirements that are not true to the lock file.
 *
 * @param lock - the lock file
 * @param readText - reads a file, given relative to the workspace root; `undefined` where it is missing
 * @returns what has to be exported again, the toolchain's first
 */
export function outdatedRequirements(
  lock: LockFile,
  readText: (file: string) => string | undefined,
): readonly LockedRequirements[] {
  const members = [...lock.packages.values()]
    .flat()
    .map(memberOf)
    .filter((member) => member !== undefined)
    // A root that is a project of its own is locked as the member "."; a dependency by path is no member.
    .filter(
      ({ name, projectRoot }) =>
        projectRoot !== '.' && lock.memberNames?.has(name) !== false,
    );
  return [
    toolchainRequirements(lock),
    ...members.map(({ name, projectRoot }) =>
      memberRequirements(lock, { projectName: name, projectRoot }),
    ),
  ].filter(
    ({ file, digest }) => requirementsState(readText(file), digest) !== 'fresh',
  );
}
