import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeCacheFolder } from '../workspace/cache-folder';
import { LambdaPyError } from '../workspace/errors';
import { findTargetPython } from '../workspace/target-python';
import { runUv } from '../workspace/uv';

/** The version of awslambdaric that functions run in: the client that Lambda's own Python runtimes are built from. */
export const RUNTIME_CLIENT_VERSION = '4.2.2';

// Its dependencies too, so that every machine runs the same.
const REQUIREMENTS = [
  `awslambdaric==${RUNTIME_CLIENT_VERSION}`,
  'simplejson==4.3.0',
  'snapshot-restore-py==1.0.0',
];

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
 * @returns both
 * @throws {@link LambdaPyError} when this machine has no such Python, or awslambdaric cannot be installed
 */
export async function provideRuntimeClient(
  workspaceRoot: string,
  pythonVersion: string,
): Promise<RuntimeClient> {
  requireLinux(process.platform);
  const cache = makeCacheFolder(workspaceRoot, 'runtime-client');
  const path = join(
    cache,
    `${pythonVersion}-${process.arch}-${RUNTIME_CLIENT_VERSION}`,
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
    await uv(workspaceRoot, [
      ...['pip', 'install', '--quiet', '--python', python, '--target', folder],
      ...['--only-binary', ':all:', '--compile-bytecode', ...REQUIREMENTS],
    ]);
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

function describe(path: string): RuntimeClient {
  return {
    python: join(path, 'environment', 'bin', 'python'),
    folder: join(path, 'awslambdaric'),
  };
}

/**
 * Refuses a platform that awslambdaric has no wheels for.
 *
 * @param platform - `process.platform`
 * @throws {@link LambdaPyError} on every platform but Linux
 */
export function requireLinux(platform: NodeJS.Platform): void {
  if (platform === 'linux') return;
  throw new LambdaPyError({
    problem: `invoke cannot run here: awslambdaric ${RUNTIME_CLIENT_VERSION}, Lambda's Python runtime client, is published for Linux only`,
    found: platform,
    expected: 'linux',
    mend: 'run invoke on Linux: in a container, in WSL, or in CI',
  });
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
    mend: `make the package index reachable, so that uv can install ${REQUIREMENTS.join(', ')}`,
  });
}
