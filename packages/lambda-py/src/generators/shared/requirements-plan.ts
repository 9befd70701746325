import type { Tree } from '@nx/devkit';
import type { MemberDescription } from '../../graph/member-description';
import {
  directRequirementsOf,
  lockSummaryOf,
  openMemberDescriptions,
} from '../../graph/workspace-files';
import {
  DIRECT_REQUIREMENTS_FILE,
  isOutdated,
  TOOLCHAIN_DIRECT_REQUIREMENTS_FILE,
} from '../../workspace/direct-requirements-file';
import type { DirectRequirements } from '../../workspace/direct-requirements-file';
import { lockedRequirementsOf } from '../../workspace/locked-requirements';
import type { LockedRequirements } from '../../workspace/locked-requirements';
import type { DefaultGroups } from '../../workspace/lock-summary';
import { requirementsState } from '../../workspace/requirements-file';

/** The files of requirements that are not true to the lock file. */
export interface OutdatedRequirements {
  /** What has to be exported again, the toolchain's first. */
  readonly locked: readonly LockedRequirements[];
  /** What has to be written again for pip-tools, the toolchain's first; nothing where it is not used. */
  readonly direct: readonly DirectRequirements[];
  /** The requirements.in that are, or whose requirements.txt is, to be written again: both must agree then. */
  readonly changed: readonly string[];
  /** The Python versions that the workspace is locked for; known where there is something in `changed`. */
  readonly requiresPython: string;
}

/**
 * The locked requirements, and those for pip-tools, that are not true to the lock file.
 *
 * @param lockText - the content of uv.lock
 * @param tree - the workspace
 * @returns what has to be written again
 * @throws {@link LambdaPyError} when the text is no valid lock file, or a requirements.in was edited by hand
 */
export function outdatedRequirements(
  lockText: string,
  tree: Tree,
): OutdatedRequirements {
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
  const root = describe('pyproject.toml');
  const summary = lockSummaryOf(tree.root, lockText, root?.defaultGroups);
  const locked = lockedRequirementsOf(summary, isPacked).filter(
    ({ file, digest }) =>
      requirementsState(tree.read(file) ?? undefined, digest) !== 'fresh',
  );
  return {
    locked,
    ...(root?.usesPipTools === true
      ? outdatedDirect(lockText, tree, root.defaultGroups, isPacked, locked)
      : { direct: [], changed: [], requiresPython: '' }),
  };
}

function outdatedDirect(
  lockText: string,
  tree: Tree,
  defaultGroups: DefaultGroups | undefined,
  isPacked: (projectRoot: string) => boolean,
  locked: readonly LockedRequirements[],
): Omit<OutdatedRequirements, 'locked'> {
  const { members, toolchain, requiresPython } = directRequirementsOf(
    tree.root,
    lockText,
    defaultGroups,
  );
  const wanted: readonly DirectRequirements[] = [
    { file: TOOLCHAIN_DIRECT_REQUIREMENTS_FILE, requirements: toolchain },
    ...members.map(({ name, projectRoot, requirements, withExtras }) => ({
      file: `${projectRoot}/${DIRECT_REQUIREMENTS_FILE}`,
      projectName: name,
      // As requirements.txt: the extras of a library are tested with it.
      requirements:
        withExtras === undefined || isPacked(projectRoot)
          ? requirements
          : withExtras,
    })),
  ];
  const direct = wanted.filter((one) =>
    isOutdated(tree.read(one.file, 'utf8') ?? undefined, one),
  );
  const exported = new Set(locked.map(({ file }) => file));
  return {
    requiresPython,
    direct,
    changed: wanted
      .filter(
        (one) =>
          direct.includes(one) ||
          exported.has(one.file.replace(/\.in$/, '.txt')),
      )
      .map(({ file }) => file),
  };
}
