import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findEnvironmentExecutable } from './environment-folder';
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
 * What a machine may have besides a `python3` that is too old, the newest first. A Mac's own is 3.9, and Homebrew links
 * the others under these names alone (https://docs.brew.sh/Homebrew-and-Python).
 */
const NAMED_PYTHONS = ['3.14', '3.13', '3.12', '3.11'].map(
  (version) => `python${version}`,
);

/**
 * Finds an interpreter to make the workspace's environment with, the first that is new enough: `python3` and `python` on
 * PATH, those of pyenv, a `python3.14` and the like on PATH, the environment's own, one that the uv on PATH knows, and on
 * Windows that of the launcher `py`.
 *
 * @param workspaceRoot - absolute path; the search runs there, since version managers go by the folder
 * @param platform - `process.platform`
 * @returns the interpreter
 * @throws {@link LambdaPyError} when no Python of {@link OLDEST_PYTHON} or later is found
 */
export async function findPython(
  workspaceRoot: string,
  platform: NodeJS.Platform = process.platform,
): Promise<Interpreter> {
  const tooOld = new Set<string>();
  for await (const interpreter of interpreters(workspaceRoot, platform)) {
    if (await satisfiesMinimum(interpreter)) return interpreter;
    tooOld.add(`${interpreter.executable} (${interpreter.version})`);
  }
  throw new LambdaPyError({
    problem: `no Python ${OLDEST_PYTHON} or later was found`,
    found: tooOld.size === 0 ? 'no python3 on PATH' : [...tooOld].join(', '),
    expected: `python3 on PATH, version ${OLDEST_PYTHON} or later`,
    mend: 'install Python, for instance from https://www.python.org/downloads/, and see that "python3 --version" answers',
  });
}

/** One is looked for only when those before it would not do. */
async function* interpreters(
  workspaceRoot: string,
  platform: NodeJS.Platform,
): AsyncGenerator<Interpreter> {
  const searches: readonly (() => Promise<readonly string[]>)[] = [
    () => Promise.resolve(['python3', 'python']),
    pyenvInterpreters,
    () => Promise.resolve(NAMED_PYTHONS),
    () => Promise.resolve(environmentPython(workspaceRoot, platform)),
    () => uvInterpreter(workspaceRoot),
  ];
  for (const search of searches) {
    for (const command of await search()) {
      const interpreter = await describeInterpreter(command, workspaceRoot);
      if (interpreter !== undefined) yield interpreter;
    }
  }
  if (platform !== 'win32') return;
  // https://docs.python.org/3/using/windows.html#python-launcher-for-windows
  const launched = await describeInterpreter('py', workspaceRoot, ['-3']);
  if (launched !== undefined) yield launched;
}

/**
 * Finds an interpreter of one minor version.
 *
 * @param pythonVersion - major and minor: `3.13`
 * @param workspaceRoot - absolute path
 * @param platform - `process.platform`
 * @returns the interpreter, or `undefined` where this machine has none
 */
export async function findPythonOfVersion(
  pythonVersion: string,
  workspaceRoot: string,
  platform: NodeJS.Platform = process.platform,
): Promise<Interpreter | undefined> {
  const candidates = [
    ...environmentPython(workspaceRoot, platform),
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
 * @param prefix - arguments that come before Python's own: `-3` for the launcher of Windows
 * @returns its description; `undefined` where it does not run
 */
export async function describeInterpreter(
  command: string,
  cwd: string,
  prefix: readonly string[] = [],
): Promise<Interpreter | undefined> {
  try {
    const { exitCode, stdout } = await runProcess(
      command,
      [...prefix, '-I', '-c', DESCRIBE],
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

function environmentPython(
  workspaceRoot: string,
  platform: NodeJS.Platform,
): readonly string[] {
  const path = findEnvironmentExecutable(workspaceRoot, 'python', platform);
  return path === undefined ? [] : [path];
}

/**
 * Asks the uv on PATH, of whichever version, for a Python outside of all environments, those that it has installed
 * included. Our own uv cannot be asked: it is this search that may install it.
 */
async function uvInterpreter(
  workspaceRoot: string,
): Promise<readonly string[]> {
  try {
    const { exitCode, stdout } = await runProcess(
      'uv',
      [
        ...['python', 'find', '--system', '--no-project'],
        ...['--no-python-downloads', `>=${OLDEST_PYTHON}`],
      ],
      { cwd: workspaceRoot },
    );
    const executable = stdout.trim();
    return exitCode === 0 && executable !== '' ? [executable] : [];
  } catch {
    // There is none.
    return [];
  }
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
