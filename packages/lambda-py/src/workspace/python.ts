import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LambdaPyError } from './errors';
import { runProcess } from './process';

/** A Python interpreter on this machine. */
export interface Interpreter {
  /** The resolved `sys.executable`: never a pyenv shim. */
  readonly executable: string;
  /** Major, minor and micro: `3.11.7`. */
  readonly version: string;
}

/** The oldest Python that the generated code and its tools run on. */
export const OLDEST_PYTHON = '3.11';

const DESCRIBE =
  'import sys; print(sys.executable); print(".".join(map(str, sys.version_info[:3])))';

/**
 * Finds an interpreter to make the workspace's environment with: the first on PATH that is new enough.
 *
 * @param workspaceRoot - absolute path; the search runs there, since version managers go by the folder
 * @returns the interpreter
 * @throws {@link LambdaPyError} when no Python of {@link OLDEST_PYTHON} or later is found
 */
export async function findPython(workspaceRoot: string): Promise<Interpreter> {
  const found: Interpreter[] = [];
  for (const command of ['python3', 'python']) {
    const interpreter = await describeInterpreter(command, workspaceRoot);
    if (interpreter === undefined) continue;
    if (await satisfiesMinimum(interpreter)) return interpreter;
    found.push(interpreter);
  }
  for (const command of await pyenvInterpreters()) {
    const interpreter = await describeInterpreter(command, workspaceRoot);
    if (interpreter !== undefined && (await satisfiesMinimum(interpreter))) {
      return interpreter;
    }
  }
  throw new LambdaPyError({
    problem: `no Python ${OLDEST_PYTHON} or later was found`,
    found:
      found.length === 0
        ? 'no python3 on PATH'
        : found.map((one) => `${one.executable} (${one.version})`).join(', '),
    expected: `python3 on PATH, version ${OLDEST_PYTHON} or later`,
    mend: 'install Python, for instance from https://www.python.org/downloads/, and see that "python3 --version" answers',
  });
}

/**
 * Finds an interpreter of one minor version.
 *
 * @param pythonVersion - major and minor: `3.13`
 * @param workspaceRoot - absolute path
 * @returns the interpreter, or `undefined` where this machine has none
 */
export async function findPythonOfVersion(
  pythonVersion: string,
  workspaceRoot: string,
): Promise<Interpreter | undefined> {
  const candidates = [
    join(workspaceRoot, '.venv', 'bin', 'python'),
    `python${pythonVersion}`,
    'python3',
    ...(await pyenvInterpreters()).filter((path) =>
      path.includes(`/${pythonVersion}`),
    ),
  ];
  for (const candidate of candidates) {
    const interpreter = await describeInterpreter(candidate, workspaceRoot);
    if (interpreter?.version.startsWith(`${pythonVersion}.`)) {
      return interpreter;
    }
  }
  return undefined;
}

/**
 * Asks an interpreter who it is.
 *
 * @param command - a path, or a name on PATH
 * @param cwd - where to run it
 * @returns its description; `undefined` where it does not run
 */
export async function describeInterpreter(
  command: string,
  cwd: string,
): Promise<Interpreter | undefined> {
  try {
    const { exitCode, stdout } = await runProcess(
      command,
      ['-I', '-c', DESCRIBE],
      { cwd },
    );
    const [executable, version] = stdout.trim().split(/\r?\n/);
    if (exitCode !== 0 || executable === undefined || version === undefined) {
      return undefined;
    }
    return { executable, version };
  } catch {
    // It is not there, or this machine cannot run it: either way it is no candidate.
    return undefined;
  }
}

// The library is loaded by those alone who search: mostly the interpreter is known.
async function satisfiesMinimum({ version }: Interpreter): Promise<boolean> {
  const { default: gte } = await import('semver/functions/gte.js');
  return gte(version, `${OLDEST_PYTHON}.0`);
}

// pyenv shows one version on PATH and holds more; its shims print pages of warnings for the others.
async function pyenvInterpreters(): Promise<string[]> {
  const versions = join(
    process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'),
    'versions',
  );
  if (!existsSync(versions)) return [];
  const { default: rcompare } = await import('semver/functions/rcompare.js');
  const { default: valid } = await import('semver/functions/valid.js');
  return readdirSync(versions)
    .filter((version) => valid(version) !== null)
    .sort(rcompare)
    .map((version) => join(versions, version, 'bin', 'python'));
}
