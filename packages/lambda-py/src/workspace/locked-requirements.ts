import type { LockedMemberSummary, LockSummary } from './lock-summary';
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
  /** True where its extras count: those of a library are tested with it; into an artifact goes what is asked for. */
  readonly withExtras?: boolean;
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
  { projectName, projectRoot, withExtras = false }: RequirementsOwner,
  digest: string,
): LockedRequirements {
  return {
    file: `${projectRoot}/${REQUIREMENTS_FILE}`,
    digest,
    // Not `--no-dev`: [tool.uv] default-groups may name others, none of which is needed at run time.
    exportArguments: [
      ...['--package', projectName, '--no-default-groups'],
      ...(withExtras ? ['--all-extras'] : []),
    ],
  };
}

/**
 * The root's requirements-dev.txt: the locked toolchain, which every tool's result depends on.
 *
 * @param summary - what uv.lock says
 * @returns what the file is made from
 */
export function toolchainRequirementsAt({
  toolchainDigest,
  toolchainGroups,
}: Pick<
  LockSummary,
  'toolchainDigest' | 'toolchainGroups'
>): LockedRequirements {
  return {
    file: TOOLCHAIN_REQUIREMENTS_FILE,
    digest: toolchainDigest,
    exportArguments: [
      '--all-packages',
      ...toolchainGroups.flatMap((group) => ['--only-group', group]),
    ],
  };
}

/**
 * The digest that a member's locked requirements have to have.
 *
 * @param member - what uv.lock says of it
 * @param isPacked - whether it is packed; see {@link RequirementsOwner.withExtras}
 * @returns SHA-256 in hex
 */
export function requirementsDigestOf(
  member: LockedMemberSummary,
  isPacked: boolean,
): string {
  return isPacked ? member.digest : (member.digestWithExtras ?? member.digest);
}

/**
 * Every locked requirements file of the workspace.
 *
 * @param summary - what uv.lock says
 * @param isPacked - tells whether the member in a folder is a service or a layer; asked only where it matters
 * @returns the toolchain's first
 */
export function lockedRequirementsOf(
  summary: LockSummary,
  isPacked: (projectRoot: string) => boolean,
): readonly LockedRequirements[] {
  return [
    toolchainRequirementsAt(summary),
    ...summary.members
      // A root that is a project of its own is locked as the member "."; a dependency by path is no member.
      .filter(({ isMember, projectRoot }) => isMember && projectRoot !== '.')
      .map((member) => {
        const { name, projectRoot } = member;
        const withExtras =
          member.digestWithExtras !== undefined && !isPacked(projectRoot);
        return memberRequirementsAt(
          { projectName: name, projectRoot, withExtras },
          requirementsDigestOf(member, !withExtras),
        );
      }),
  ];
}
