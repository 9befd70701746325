import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeCacheFolder } from '../workspace/cache-folder';
import { LambdaPyError } from '../workspace/errors';
import { runProcess } from '../workspace/process';
import { findTargetPython } from '../workspace/target-python';
import { runUv } from '../workspace/uv';

/** The version of awslambdaric that functions run in: the client that Lambda's own Python runtimes are built from. */
export const RUNTIME_CLIENT_VERSION = '4.2.2';

const CLIENT = `awslambdaric==${RUNTIME_CLIENT_VERSION}`;
// Its dependencies too, so that every machine runs the same.
const DEPENDENCIES = ['simplejson==4.3.0', 'snapshot-restore-py==1.0.0'];

// Only the pure part of the wheel is used where the stand-in is: any platform's will do.
const WHEEL_PLATFORM = 'x86_64-manylinux2014';
const STAND_IN = join(__dirname, 'files', 'runtime_client.py');

/** The variable that asks for the stand-in where awslambdaric's native module could be had: `python`. */
export const RUNTIME_CLIENT_VARIABLE = 'LAMBDA_PY_RUNTIME_CLIENT';

/**
 * What speaks to the Runtime API: awslambdaric's own native module, or our stand-in for it in Python.
 */
export type ClientModule = 'native' | 'python';

/** What a function runs in. */
export interface RuntimeClient {
  /** An interpreter of the function's Python version that has nothing installed. */
  readonly python: string;
  /** The folder that holds awslambdaric. */
  readonly folder: string;
}

/**
 * Provides the interpreter and the runtime client for a Python version; they are kept in the workspace's cache.
 *
 * @param workspaceRoot - absolute path
 * @param pythonVersion - major and minor: `3.13`
 * @param clientModule - {@link chooseClientModule} of this machine when left out
 * @returns both
 * @throws {@link LambdaPyError} when this machine has no such Python, or awslambdaric cannot be installed
 */
export async function provideRuntimeClient(
  workspaceRoot: string,
  pythonVersion: string,
  clientModule: ClientModule = chooseClientModule(
    process.platform,
    process.env[RUNTIME_CLIENT_VARIABLE],
  ),
): Promise<RuntimeClient> {
  const cache = makeCacheFolder(workspaceRoot, 'runtime-client');
  const path = join(
    cache,
    [
      pythonVersion,
      process.arch,
      RUNTIME_CLIENT_VERSION,
      ...(clientModule === 'python' ? ['python', digestOf(STAND_IN)] : []),
    ].join('-'),
  );
  const client = describe(path);
  // The interpreter is a link: it leads nowhere once the Python that it was made from is gone.
  if (existsSync(client.python)) return client;
  const interpreter = await findInterpreter(workspaceRoot, pythonVersion);
  const building = mkdtempSync(`${path}.`);
  try {
    const { python, folder } = describe(building);
    await uv(workspaceRoot, [
      'venv',
      '--quiet',
      '--python',
      interpreter,
      join(building, 'environment'),
    ]);
    const install = (...args: readonly string[]): Promise<void> =>
      uv(workspaceRoot, [
        ...['pip', 'install', '--quiet', '--python', python],
        ...['--target', folder, '--only-binary', ':all:'],
        ...['--compile-bytecode', ...args],
      ]);
    if (clientModule === 'python') {
      await install(...DEPENDENCIES);
      await install('--no-deps', '--python-platform', WHEEL_PLATFORM, CLIENT);
      await replaceNativeModule(folder, python);
    } else {
      await install(CLIENT, ...DEPENDENCIES);
    }
    if (!existsSync(client.python)) {
      rmSync(path, { recursive: true, force: true });
      renameSync(building, path);
    }
  } catch (error) {
    // Another process was faster: its environment is as good.
    if (!existsSync(client.python)) throw error;
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
  return client;
}

/**
 * Chooses what speaks to the Runtime API.
 *
 * @param platform - `process.platform`
 * @param asked - the value of {@link RUNTIME_CLIENT_VARIABLE}
 * @returns the native module on Linux, where nothing else is asked for; elsewhere the stand-in, since awslambdaric is
 * published for Linux alone
 * @throws {@link LambdaPyError} on Windows, and for any other value of the variable
 */
export function chooseClientModule(
  platform: NodeJS.Platform,
  asked: string | undefined,
): ClientModule {
  if (platform === 'win32') {
    throw new LambdaPyError({
      problem:
        'invoke cannot run here: it ends functions by their process group, which Windows does not have',
      found: platform,
      mend: 'run invoke in WSL, in a container, or in CI',
    });
  }
  if (asked !== undefined && asked !== '' && asked !== 'python') {
    throw new LambdaPyError({
      location: RUNTIME_CLIENT_VARIABLE,
      problem: 'the environment variable has a value that is not known',
      found: asked,
      expected: 'python, or nothing',
      mend: `unset ${RUNTIME_CLIENT_VARIABLE}`,
    });
  }
  return platform === 'linux' && asked !== 'python' ? 'native' : 'python';
}

async function replaceNativeModule(
  folder: string,
  python: string,
): Promise<void> {
  // An extension module would be found before a Python module of the same name.
  for (const name of readdirSync(folder)) {
    if (/^runtime_client\..*so$/.test(name)) rmSync(join(folder, name));
  }
  const module = join(folder, 'runtime_client.py');
  copyFileSync(STAND_IN, module);
  // Functions run without writing bytecode. One that is missing costs a moment, and nothing else.
  await runProcess(python, ['-m', 'compileall', '-q', module], { cwd: folder });
}

function digestOf(file: string): string {
  return createHash('sha256')
    .update(readFileSync(file))
    .digest('hex')
    .slice(0, 8);
}

function describe(path: string): RuntimeClient {
  return {
    python: join(path, 'environment', 'bin', 'python'),
    folder: join(path, 'awslambdaric'),
  };
}

async function findInterpreter(
  workspaceRoot: string,
  pythonVersion: string,
): Promise<string> {
  const found = await findTargetPython(workspaceRoot, pythonVersion);
  if (found !== undefined) return found.executable;
  throw new LambdaPyError({
    problem: `no Python ${pythonVersion} was found, and the function runs in no other`,
    expected: `a Python ${pythonVersion} on PATH, in pyenv, or installed by uv`,
    mend: `uv python install ${pythonVersion}`,
  });
}

async function uv(
  workspaceRoot: string,
  args: readonly string[],
): Promise<void> {
  const { exitCode, stderr } = await runUv(workspaceRoot, args);
  if (exitCode === 0) return;
  throw new LambdaPyError({
    problem: `the environment that functions run in could not be made: "uv ${args.slice(0, 2).join(' ')}" failed`,
    found: stderr.trim(),
    mend: `make the package index reachable, so that uv can install ${[CLIENT, ...DEPENDENCIES].join(', ')}`,
  });
}
