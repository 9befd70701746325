import type { Tree } from '@nx/devkit';
import type { LockSummary } from '../../workspace/lock-summary';
import { lockedRequirementsOf } from '../../workspace/locked-requirements';
import type { LockedRequirements } from '../../workspace/locked-requirements';
import { requirementsState } from '../../workspace/requirements-file';

/**
 * The locked requirements that are not true to the lock file.
 *
 * @param summary - what the lock file says
 * @param tree - the workspace
 * @returns what has to be exported again, the toolchain's first
 */
export function outdatedRequirements(
  summary: LockSummary,
  tree: Tree,
): readonly LockedRequirements[] {
  return lockedRequirementsOf(summary).filter(
    ({ file, digest }) =>
      requirementsState(tree.read(file) ?? undefined, digest) !== 'fresh',
  );
}
