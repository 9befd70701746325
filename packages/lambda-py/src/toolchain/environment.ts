import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ENVIRONMENT_FOLDER,
  findEnvironmentExecutable,
} from '../workspace/environment-folder';
import { LambdaPyError, messageOf } from '../workspace/errors';
import { LOCK_FILE, memberOf } from '../workspace/lock-file';
import { copiesOf, copiesToSync } from './installed-copies';
import { findPython } from '../workspace/python';
import { readPyproject } from '../workspace/pyproject';
import { requireLockFile } from '../workspace/requirements';
import { readTextIfPresent } from '../workspace/text-file';
import { runUv } from '../workspace/uv';

/** The file in the environment that tells which uv.lock it was made from. */
const STAMP = '.lambda-py-lock';

/** A first installation over a slow line is done by then: in s. A build backend of a member may never be. */
const LONGEST_SYNC_S = 3600;

/** The virtual environment that all projects of the workspace share. */
export interface PythonEnvironment {
  /**
   * The path of an executable of the environment.
   *
   * @param tool - its name, for instance `ruff`
   * @returns an absolute path
   * @throws {@link LambdaPyError} when the environment does not hold the tool
   */
  executable(tool: string): string;
}

/**
 * Makes the shared environment true to uv.lock and to the sources of what it holds a copy of, then gives access to it.
 *
 * @param workspaceRoot - absolute path
 * @param warn - takes a warning for the user
 * @returns the environment
 * @throws {@link LambdaPyError} when uv.lock is missing or older than the pyproject files, or uv cannot install
 */
export async function ensureEnvironment(
  workspaceRoot: string,
  warn: (message: string) => void,
): Promise<PythonEnvironment> {
  const copies = copiesToSync(
    workspaceRoot,
    copiesOf(requireLockFile(workspaceRoot)),
  );
  const stamp = join(workspaceRoot, ENVIRONMENT_FOLDER, STAMP);
  const lockDigest = createHash('sha256')
    .update(readFileSync(join(workspaceRoot, LOCK_FILE)))
    .digest('hex');
  const { exitCode, stderr } = await syncEnvironment(workspaceRoot, [
    '--locked',
    ...copies.args,
  ]);
  if (exitCode === 0) {
    copies.save();
    if (readTextIfPresent(stamp) !== lockDigest) {
      writeFileSync(stamp, lockDigest);
    }
    return environmentOf(workspaceRoot);
  }
  // uv reads every member; a broken one must not stop the others while the environment is true to the lock file and to
  // the sources of its copies.
  const broken = brokenMember(workspaceRoot);
  if (
    broken !== undefined &&
    copies.args.length === 0 &&
    readTextIfPresent(stamp) === lockDigest
  ) {
    warn(`${broken.message}\n  until then the environment stays as it is`);
    // What it lacks by then, uv will bring.
    return environmentOf(workspaceRoot, broken);
  }
  throw (
    broken ??
    new LambdaPyError({
      file: LOCK_FILE,
      problem: `"uv sync --locked" could not make ${ENVIRONMENT_FOLDER} true to the lock file`,
      found: stderr.trim(),
      mend: 'uv lock && nx sync',
    })
  );
}

/**
 * Makes the environment true once for many tasks; each of them is told the same warnings, or the same error.
 *
 * @param workspaceRoot - absolute path
 * @returns what {@link ensureEnvironment} is for one task
 */
export function ensureEnvironmentOnce(
  workspaceRoot: string,
): (warn: (message: string) => void) => Promise<PythonEnvironment> {
  const warnings: string[] = [];
  let made: Promise<PythonEnvironment> | undefined;
  return async (warn) => {
    made ??= ensureEnvironment(workspaceRoot, (warning) => {
      warnings.push(warning);
    });
    const environment = await made;
    for (const warning of warnings) warn(warning);
    return environment;
  };
}

/**
 * Whether the environment is that of some members alone, without the toolchain and without uv itself, as uv leaves it
 * after "uv remove --package". No setting of [tool.uv] keeps uv from it (0.13).
 *
 * @param workspaceRoot - absolute path
 * @returns false where there is no environment yet
 */
export function lacksToolchain(workspaceRoot: string): boolean {
  return (
    existsSync(join(workspaceRoot, ENVIRONMENT_FOLDER)) &&
    findEnvironmentExecutable(workspaceRoot, 'ruff') === undefined
  );
}

/**
 * Runs `uv sync` for all members.
 *
 * @param workspaceRoot - absolute path
 * @param args - further arguments
 * @returns how uv ended
 */
export async function syncEnvironment(
  workspaceRoot: string,
  args: readonly string[] = [],
): Promise<{ exitCode: number; stderr: string }> {
  const environment = join(workspaceRoot, ENVIRONMENT_FOLDER);
  // uv's own search runs pyenv's shims, which print pages of warnings: it is told the interpreter when it needs one.
  const python = existsSync(environment)
    ? []
    : ['--python', (await findPython(workspaceRoot)).executable];
  const result = await runUv(
    workspaceRoot,
    ['sync', '--all-packages', ...python, ...args],
    { isGroup: true, timeoutMs: LONGEST_SYNC_S * 1000 },
  );
  if (!result.timedOut) return result;
  throw new LambdaPyError({
    problem: `"uv sync" was stopped after ${LONGEST_SYNC_S} s`,
    mend: 'see that "uv sync --all-packages" comes to its end',
  });
}

function brokenMember(workspaceRoot: string): LambdaPyError | undefined {
  const roots = [...requireLockFile(workspaceRoot).packages.values()]
    .flat()
    .map(memberOf)
    .filter((member) => member !== undefined)
    .map(({ projectRoot }) => projectRoot);
  for (const projectRoot of roots) {
    try {
      readPyproject(workspaceRoot, `${projectRoot}/pyproject.toml`);
    } catch (error) {
      if (error instanceof LambdaPyError) return error;
      throw new Error(messageOf(error), { cause: error });
    }
  }
  return undefined;
}

function environmentOf(
  workspaceRoot: string,
  cause?: LambdaPyError,
): PythonEnvironment {
  return {
    executable(tool) {
      const path = findEnvironmentExecutable(workspaceRoot, tool);
      if (path !== undefined) return path;
      if (cause !== undefined) throw cause;
      throw new LambdaPyError({
        problem: `the environment holds no ${tool}`,
        expected: `${tool} in the group "dev" of the root's pyproject.toml`,
        mend: `uv add --group dev ${tool} && nx sync`,
      });
    },
  };
}
