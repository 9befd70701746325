import { join } from 'node:path';
import { memberDigest } from './closure';
import { LambdaPyError } from './errors';
import { LOCK_FILE, readLockFile } from './lock-file';
import type { LockFile } from './lock-file';
import { memberRequirementsAt } from './locked-requirements';
import type {
  LockedRequirements,
  RequirementsOwner,
} from './locked-requirements';
import { renderRequirements, requirementsState } from './requirements-file';
import { readWorkspaceFile } from './text-file';
import { runUv } from './uv';

export {
  renderRequirements,
  REQUIREMENTS_FILE,
  requirementsState,
  TOOLCHAIN_REQUIREMENTS_FILE,
} from './requirements-file';
export type { RequirementsState } from './requirements-file';
export type {
  LockedRequirements,
  RequirementsOwner,
} from './locked-requirements';

/** The command that makes requirements true again. */
export const SYNC_COMMAND = 'nx sync';

/**
 * A member's requirements.txt: its locked, hashed run-time closure, local libraries left out.
 *
 * @param lock - the lock file
 * @param owner - the member
 * @returns what the file is made from
 */
export function memberRequirements(
  lock: LockFile,
  owner: RequirementsOwner,
): LockedRequirements {
  return memberRequirementsAt(owner, memberDigest(lock, owner.projectName));
}

/**
 * Exports locked requirements with uv.
 *
 * @param workspaceRoot - absolute path, where uv is looked for
 * @param requirements - what to export
 * @param cwd - the workspace, or a copy that holds its lock file and pyproject files: absolute path
 * @returns the content of the requirements file
 * @throws {@link LambdaPyError} when uv cannot export
 */
export async function exportRequirements(
  workspaceRoot: string,
  requirements: LockedRequirements,
  cwd: string = workspaceRoot,
): Promise<string> {
  const args = [
    'export',
    '--quiet',
    '--frozen',
    // Of the workspace or not: what stands in a folder is built from it.
    '--no-emit-local',
    '--no-header',
    '--no-annotate',
    '--format',
    'requirements.txt',
    ...requirements.exportArguments,
  ];
  const { exitCode, stdout, stderr } = await runUv(workspaceRoot, args, {
    cwd,
  });
  if (exitCode !== 0) {
    throw new LambdaPyError({
      file: LOCK_FILE,
      problem: `uv could not export ${requirements.file}`,
      found: stderr.trim(),
      mend: 'uv lock',
    });
  }
  return renderRequirements(stdout, requirements.digest);
}

/**
 * Reads the lock file that a command cannot do without.
 *
 * @param workspaceRoot - absolute path
 * @returns the lock file
 * @throws {@link LambdaPyError} when there is none, or it is broken
 */
export function requireLockFile(workspaceRoot: string): LockFile {
  const lock = readLockFile(workspaceRoot);
  if (lock === undefined) {
    throw new LambdaPyError({
      file: LOCK_FILE,
      problem: 'the lock file is missing',
      mend: 'uv lock',
    });
  }
  return lock;
}

/**
 * Checks that uv.lock knows a member: a new or renamed one it does not.
 *
 * @param lock - the lock file
 * @param owner - the member
 * @throws {@link LambdaPyError} when it has to be locked first
 */
export function requireLocked(
  lock: LockFile,
  { projectName, projectRoot }: RequirementsOwner,
): void {
  if (lock.packages.has(projectName)) return;
  throw new LambdaPyError({
    file: LOCK_FILE,
    problem: `the lock file does not have ${projectName}`,
    expected: `the name that ${projectRoot}/pyproject.toml has, as a member of the uv workspace`,
    mend: `uv lock && ${SYNC_COMMAND}`,
  });
}

/**
 * The requirements file of a member, once it is certain that it is true to uv.lock.
 *
 * @param workspaceRoot - absolute path
 * @param owner - the member
 * @param digest - the digest of its closure, where it is known already
 * @returns the absolute path of its requirements.txt
 * @throws {@link LambdaPyError} when the file is missing, older than uv.lock, edited by hand, or cannot be read, or
 * uv.lock does not know the member
 */
export function requireFreshRequirements(
  workspaceRoot: string,
  owner: RequirementsOwner,
  digest = lockedDigest(workspaceRoot, owner),
): string {
  const { file } = memberRequirementsAt(owner, digest);
  const state = requirementsState(
    readWorkspaceFile(workspaceRoot, file),
    digest,
  );
  if (state === 'fresh') return join(workspaceRoot, file);
  throw new LambdaPyError({
    file,
    problem: {
      missing: 'the locked requirements are missing',
      stale: `the locked requirements are older than ${LOCK_FILE}`,
      edited: 'the locked requirements were edited by hand',
    }[state],
    expected: `the closure of ${owner.projectName} as ${LOCK_FILE} has it`,
    mend: SYNC_COMMAND,
  });
}

function lockedDigest(workspaceRoot: string, owner: RequirementsOwner): string {
  const lock = requireLockFile(workspaceRoot);
  requireLocked(lock, owner);
  return memberDigest(lock, owner.projectName);
}
