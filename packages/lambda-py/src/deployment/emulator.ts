import { spawn } from 'node:child_process';
import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureInfrastructureTools } from '../toolchain/infrastructure/tools';
import { makeCacheFolder } from '../workspace/cache-folder';
import { LambdaPyError } from '../workspace/errors';
import { oneAtATime } from './one-at-a-time';

/** An emulator of AWS that runs on this machine. */
interface Emulator {
  readonly pid: number;
  readonly port: number;
}

const LONGEST_START_MS = 120_000;
const POLL_MS = 200;

/**
 * Finds the workspace's emulator, or starts it: one for all services, on a free port of the loopback interface. It goes on
 * after this process, and keeps what is deployed in memory.
 *
 * @param workspaceRoot - absolute path
 * @param log - tells the user of a start
 * @returns the emulator's address
 * @throws {@link LambdaPyError} when it does not start
 */
export async function ensureEmulator(
  workspaceRoot: string,
  log: (line: string) => void,
): Promise<string> {
  return withEmulatorLock(workspaceRoot, async (folder) => {
    const running = await findRunning(folder);
    return addressOf(running ?? (await start(workspaceRoot, folder, log)));
  });
}

/**
 * Does what only one of the services that are deployed at the same time may do: starting the emulator, preparing it.
 *
 * @param workspaceRoot - absolute path
 * @param work - is given the folder of the emulator's state
 * @returns what the work returns
 */
export function withEmulatorLock<Result>(
  workspaceRoot: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  return oneAtATime(workspaceRoot, 'emulator', work);
}

/**
 * Stops the workspace's emulator, with all that was deployed to it.
 *
 * @param workspaceRoot - absolute path
 * @returns false where none was running
 */
export async function stopEmulator(workspaceRoot: string): Promise<boolean> {
  const folder = makeCacheFolder(workspaceRoot, 'emulator');
  const running = await findRunning(folder);
  rmSync(stateFile(folder), { force: true });
  if (running === undefined) return false;
  end(running.pid);
  while (await answers(running)) await delay(POLL_MS);
  return true;
}

async function start(
  workspaceRoot: string,
  folder: string,
  log: (line: string) => void,
): Promise<Emulator> {
  log('starting an emulator of AWS on this machine');
  const tools = await ensureInfrastructureTools(workspaceRoot, 'emulator');
  const port = await freePort();
  const output = openSync(logFile(folder), 'w');
  const child = spawn(join(tools.executables, 'ministack'), [], {
    cwd: folder,
    env: emulatorEnvironment(process.env, port),
    stdio: ['ignore', output, output],
    // Its functions are its children: the group ends together.
    detached: true,
  });
  closeSync(output);
  let failure: string | undefined;
  child.once('error', ({ message }) => (failure = message));
  child.once('exit', (code) => (failure = `exit status ${String(code)}`));
  child.unref();
  const emulator = { pid: child.pid ?? 0, port };
  const deadline = Date.now() + LONGEST_START_MS;
  while (!(await answers(emulator))) {
    if (failure === undefined && Date.now() < deadline) {
      await delay(POLL_MS);
      continue;
    }
    if (failure === undefined) end(emulator.pid);
    throw doesNotStart(folder, failure ?? 'it does not answer');
  }
  writeFileSync(stateFile(folder), JSON.stringify(emulator));
  return emulator;
}

/**
 * What the emulator is told: its port, to run functions as processes, and nothing of the user's account.
 *
 * @param env - this process's environment
 * @param port - a free port
 * @returns the emulator's environment
 */
export function emulatorEnvironment(
  env: NodeJS.ProcessEnv,
  port: number,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(
      Object.entries(env).filter(([name]) => !name.startsWith('AWS_')),
    ),
    LAMBDA_EXECUTOR: 'local',
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    PYTHONUTF8: '1',
  };
}

async function findRunning(folder: string): Promise<Emulator | undefined> {
  let emulator: Emulator;
  try {
    emulator = JSON.parse(readFileSync(stateFile(folder), 'utf8')) as Emulator;
    // No signal is sent: it only asks whether there is such a process.
    process.kill(emulator.pid, 0);
  } catch {
    return undefined;
  }
  return (await answers(emulator)) ? emulator : undefined;
}

async function answers(emulator: Emulator): Promise<boolean> {
  try {
    const response = await fetch(`${addressOf(emulator)}/_ministack/health`, {
      signal: AbortSignal.timeout(2_000),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function addressOf({ port }: Emulator): string {
  // Not localhost: S3's clients would put the bucket before it.
  return `http://127.0.0.1:${port}`;
}

function end(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}

function stateFile(folder: string): string {
  return join(folder, 'emulator.json');
}

function logFile(folder: string): string {
  return join(folder, 'emulator.log');
}

function doesNotStart(folder: string, found: string): LambdaPyError {
  let tail = '';
  try {
    tail = readFileSync(logFile(folder), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(-5)
      .join('\n');
  } catch {
    // It has written nothing.
  }
  return new LambdaPyError({
    file: '.nx/lambda-py/emulator/emulator.log',
    problem: 'the emulator of AWS does not start',
    found: [found, tail].filter((text) => text !== '').join('\n'),
    mend: 'remove .nx/lambda-py/emulator, then run the target again',
  });
}
