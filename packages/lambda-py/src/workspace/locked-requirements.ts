import type { LockSummary } from './lock-summary';
import {
  REQUIREMENTS_FILE,
  TOOLCHAIN_REQUIREMENTS_FILE,
} from './requirements-file';

/** The member whose requirements are meant. */
export interface RequirementsOwner {
  /** PEP 503 name. */
  readonly projectName: string;
  /** The member's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
}

/** A locked requirements file of the workspace: where it stands and what it is made from. */
export interface LockedRequirements {
  /** The file, relative to the workspace root, with `/`. */
  readonly file: string;
  /** The digest of the part of uv.lock that it is made from: SHA-256 in hex. */
  readonly digest: string;
  /** The arguments by which `uv export` makes it. */
  readonly exportArguments: readonly string[];
}

/**
 * A member's requirements.txt: its locked, hashed run-time closure, local libraries left out.
 *
 * @param owner - the member
 * @param digest - the digest of its closure
 * @returns what the file is made from
 */
export function memberRequirementsAt(
  { projectName, projectRoot }: RequirementsOwner,
  digest: string,
): LockedRequirements {
  return {
    file: `${projectRoot}/${REQUIREMENTS_FILE}`,
    digest,
    // Not `--no-dev`: [tool.uv] default-groups may name others, none of which is needed at run time.
    exportArguments: ['--package', projectName, '--no-default-groups'],
  };
}

/**
 * The root's requirements-dev.txt: the locked toolchain, which every tool's result depends on.
 *
 * @param digest - the digest of the toolchain's closure
 * @returns what the file is made from
 */
export function toolchainRequirementsAt(digest: string): LockedRequirements {
  return {
    file: TOOLCHAIN_REQUIREMENTS_FILE,
    digest,
    exportArguments: ['--all-packages', '--only-dev'],
  };
}

/**
 * Every locked requirements file of the workspace.
 *
 * @param summary - what uv.lock says
 * @returns the toolchain's first
 */
export function lockedRequirementsOf({
  members,
  toolchainDigest,
}: LockSummary): readonly LockedRequirements[] {
  return [
    toolchainRequirementsAt(toolchainDigest),
    ...members
      // A root that is a project of its own is locked as the member "."; a dependency by path is no member.
      .filter(({ isMember, projectRoot }) => isMember && projectRoot !== '.')
      .map(({ name, projectRoot, digest }) =>
        memberRequirementsAt({ projectName: name, projectRoot }, digest),
      ),
  ];
}
