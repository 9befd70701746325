import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { makeCacheFolder } from './cache-folder';
import { LambdaPyError } from './errors';
import { runProcess } from './process';
import type { ProcessOptions, ProcessResult } from './process';
import { findPython } from './python';
import { recordedVersion } from './uv-record';

/** The uv that is installed where a machine has none in {@link UV_RANGE}. */
export const UV_VERSION = '0.13.9';

/** The uv versions that the product works with, as a semver range. */
export const UV_RANGE = '>=0.11.0 <1.0.0';

/** The environment variable that names a uv to use, and to use no other. */
export const UV_OVERRIDE = 'LAMBDA_PY_UV';

/** A uv that can be run. */
export interface Uv {
  readonly command: string;
  /** Arguments that come before uv's own: `-m uv` for one that Python runs. */
  readonly prefix: readonly string[];
  readonly version: string;
}

const located = new Map<string, Promise<Uv>>();

/**
 * Finds uv, or provides it: `LAMBDA_PY_UV`, PATH, an earlier installation in the workspace's cache, `python -m uv`, a
 * new, pinned installation in that cache.
 *
 * @param workspaceRoot - absolute path
 * @returns a uv whose version is in {@link UV_RANGE}; the same one for every call of this process
 * @throws {@link LambdaPyError} when `LAMBDA_PY_UV` names none in the range, or none could be installed
 */
export function findUv(workspaceRoot: string): Promise<Uv> {
  let uv = located.get(workspaceRoot);
  if (uv === undefined) {
    uv = locateUv(workspaceRoot);
    located.set(workspaceRoot, uv);
    // Nx's daemon lives on: what failed is tried again.
    uv.catch(() => located.delete(workspaceRoot));
  }
  return uv;
}

async function locateUv(workspaceRoot: string): Promise<Uv> {
  const override = process.env[UV_OVERRIDE];
  if (override !== undefined && override !== '') {
    const uv = await describeUv(override, [], workspaceRoot);
    if (uv !== undefined && (await isInRange(uv))) return uv;
    throw new LambdaPyError({
      problem: `${UV_OVERRIDE} names no uv that can be used`,
      found: uv === undefined ? `${override} does not run` : `uv ${uv.version}`,
      expected: `a uv of version ${UV_RANGE}`,
      mend: `unset ${UV_OVERRIDE}, or update that uv with "uv self update"`,
    });
  }
  const onPath = await describeUv('uv', [], workspaceRoot);
  if (onPath !== undefined && (await isInRange(onPath))) return onPath;
  const pinned = join(
    makeCacheFolder(workspaceRoot),
    `uv-${UV_VERSION}`,
    process.platform === 'win32' ? 'Scripts/uv.exe' : 'bin/uv',
  );
  if (existsSync(pinned)) {
    const uv = await describeUv(pinned, [], workspaceRoot);
    if (uv !== undefined) return uv;
    rmSync(dirname(dirname(pinned)), { recursive: true, force: true });
  }
  const { executable } = await findPython(workspaceRoot);
  const asModule = await describeUv(executable, ['-m', 'uv'], workspaceRoot);
  if (asModule !== undefined && (await isInRange(asModule))) return asModule;
  return installUv(workspaceRoot, executable, pinned, onPath ?? asModule);
}

async function isInRange({ version }: Uv): Promise<boolean> {
  // Not before uv is run: what finds all that it needs in the cache does not load it.
  const { default: satisfies } = await import('semver/functions/satisfies.js');
  return satisfies(version, UV_RANGE);
}

async function describeUv(
  command: string,
  prefix: readonly string[],
  workspaceRoot: string,
): Promise<Uv | undefined> {
  const ask = (): Promise<string | undefined> =>
    askVersion(command, prefix, workspaceRoot);
  // Of a module, the interpreter's file tells nothing.
  const version =
    prefix.length === 0
      ? await recordedVersion(workspaceRoot, command, ask)
      : await ask();
  return version === undefined ? undefined : { command, prefix, version };
}

async function askVersion(
  command: string,
  prefix: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  try {
    const { exitCode, stdout } = await runProcess(
      command,
      [...prefix, '--version'],
      { cwd },
    );
    return exitCode === 0 ? /^uv (\d+\.\d+\.\d+)/.exec(stdout)?.[1] : undefined;
  } catch {
    // It is not there: the next candidate is tried.
    return undefined;
  }
}

/** Installs uv with pip, so that the user's own index configuration holds, into a folder that appears whole or not at all. */
async function installUv(
  workspaceRoot: string,
  python: string,
  pinned: string,
  unfit: Uv | undefined,
): Promise<Uv> {
  const target = dirname(dirname(pinned));
  const building = mkdtempSync(`${target}.`);
  const steps = [
    [python, '-m', 'venv', building],
    [
      join(
        building,
        process.platform === 'win32' ? 'Scripts' : 'bin',
        'python',
      ),
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      `uv==${UV_VERSION}`,
    ],
  ];
  try {
    for (const [command = '', ...args] of steps) {
      const { exitCode, stdout, stderr } = await runProcess(command, args, {
        cwd: workspaceRoot,
      });
      if (exitCode === 0) continue;
      throw new LambdaPyError({
        problem: `uv ${UV_VERSION} could not be installed: "${args.slice(0, 3).join(' ')}" failed`,
        found: [
          unfit === undefined
            ? 'no uv on PATH'
            : `uv ${unfit.version} on PATH, which is not in ${UV_RANGE}`,
          lastLines(`${stdout}${stderr}`),
        ].join('; '),
        mend: `make the package index reachable for pip, or install uv ${UV_RANGE} (https://docs.astral.sh/uv/getting-started/installation/)`,
      });
    }
    try {
      renameSync(building, target);
    } catch (error) {
      // Another process may have been faster: its installation is as good, and may be in use.
      if (!existsSync(target)) throw error;
      if (!existsSync(pinned)) {
        rmSync(target, { recursive: true, force: true });
        renameSync(building, target);
      }
    }
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return { command: pinned, prefix: [], version: UV_VERSION };
}

function lastLines(output: string): string {
  return output.trim().split(/\r?\n/).slice(-3).join(' ');
}

/**
 * The command line by which a user runs the uv that is used here: the environment may hold none.
 *
 * @param workspaceRoot - absolute path, where the user is
 * @param args - uv's arguments, as they are typed
 * @returns the command line; with plain `uv` where none could be found
 */
export async function uvCommandLine(
  workspaceRoot: string,
  args: string,
): Promise<string> {
  const uv = await findUv(workspaceRoot).catch(() => undefined);
  if (uv === undefined) return `uv ${args}`;
  const { command, prefix } = uv;
  const local = command.startsWith(join(workspaceRoot, '/'))
    ? relative(workspaceRoot, command)
    : command;
  return [local, ...prefix, args].join(' ');
}

/**
 * Runs uv, with its colours off.
 *
 * @param workspaceRoot - absolute path, where uv is looked for
 * @param args - uv's arguments
 * @param options - where and how to run it; the workspace root when left out
 * @returns how it ended; the caller judges the exit status
 */
export async function runUv(
  workspaceRoot: string,
  args: readonly string[],
  options: Partial<ProcessOptions> = {},
): Promise<ProcessResult> {
  const uv = await findUv(workspaceRoot);
  return runProcess(uv.command, [...uv.prefix, ...args], {
    cwd: workspaceRoot,
    ...options,
    env: uvEnvironment(options.env ?? process.env),
  });
}

/**
 * What would make uv work on another environment or another workspace, leave uv.lock as it is, leave the tools out, install
 * other versions than uv.lock has, or contradict an option that it is given.
 * Settings of indexes, caches, certificates and the like are the user's.
 */
const OVERRULED = [
  'FORCE_COLOR',
  'UV_COMPILE_BYTECODE',
  'UV_CONSTRAINT',
  'UV_EXCLUDE',
  'UV_FROZEN',
  'UV_LOCKED',
  'UV_NO_DEFAULT_GROUPS',
  'UV_NO_DEV',
  'UV_OVERRIDE',
  'UV_PROJECT',
  'UV_PROJECT_ENVIRONMENT',
  'UV_WORKING_DIR',
  'VIRTUAL_ENV',
];

/**
 * The environment that uv runs in: without colours, without a virtual environment that happens to be active, and without
 * settings of the shell or of CI that contradict what the product asks for.
 *
 * @param env - the environment to start from
 * @returns a copy
 */
export function uvEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(
      Object.entries(env).filter(([name]) => !OVERRULED.includes(name)),
    ),
    NO_COLOR: '1',
    UV_NO_PROGRESS: '1',
  };
}
