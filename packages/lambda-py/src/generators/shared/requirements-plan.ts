import type { Tree } from '@nx/devkit';
import type { MemberDescription } from '../../graph/member-description';
import {
  lockSummaryOf,
  openMemberDescriptions,
} from '../../graph/workspace-files';
import { lockedRequirementsOf } from '../../workspace/locked-requirements';
import type { LockedRequirements } from '../../workspace/locked-requirements';
import { requirementsState } from '../../workspace/requirements-file';

/**
 * The locked requirements that are not true to the lock file.
 *
 * @param lockText - the content of uv.lock
 * @param tree - the workspace
 * @returns what has to be exported again, the toolchain's first
 * @throws {@link LambdaPyError} when the text is no valid lock file
 */
export function outdatedRequirements(
  lockText: string,
  tree: Tree,
): readonly LockedRequirements[] {
  // The project graph tells of what is wrong with a file, and keeps what is read.
  const descriptions = openMemberDescriptions(tree.root, () => undefined);
  const describe = (file: string): MemberDescription | undefined => {
    const text = tree.read(file, 'utf8');
    return text === null ? undefined : descriptions.describe(text, file);
  };
  const isPacked = (projectRoot: string): boolean => {
    const file = `${projectRoot}/pyproject.toml`;
    const member = describe(file);
    return member === undefined
      ? (tree.read(file, 'utf8')?.includes('[tool.lambda-py]') ?? false)
      : member.isService || member.isLayer;
  };
  const summary = lockSummaryOf(
    tree.root,
    lockText,
    describe('pyproject.toml')?.defaultGroups,
  );
  return lockedRequirementsOf(summary, isPacked).filter(
    ({ file, digest }) =>
      requirementsState(tree.read(file) ?? undefined, digest) !== 'fresh',
  );
}
