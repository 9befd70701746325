import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { inSameLocale, onTermination } from '../../workspace/process';
import { OUTPUT_LIMIT, toolEnvironment, withoutRoot } from '../run-tool';
import type { PytestEnd, PytestLauncher, PytestRun } from './launcher';
import type { Preloaded } from './preloaded';

/** What a fork server is started with. */
export interface ForkServerOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The interpreter of the environment that holds pytest. */
  readonly python: string;
  /** What it imports before it forks. */
  readonly preload: Preloaded;
  /** Runs pytest where the server cannot. */
  readonly spawnPytest: PytestLauncher;
}

/** A process that pytest is forked from. */
export interface ForkServer {
  readonly launch: PytestLauncher;
  /** Ends it, and what it runs. */
  readonly stop: () => Promise<void>;
}

/** What the server answers. */
interface Answer {
  readonly id?: number;
  readonly code?: number;
  readonly signal?: NodeJS.Signals | null;
  readonly stopped?: 'timeout' | 'output' | null;
  readonly failure?: string;
  readonly ready?: readonly string[];
  readonly unsafe?: string;
}

/**
 * Tells whether a process may be forked here: system libraries of macOS do not bear it, and Windows has nothing like it.
 *
 * @param platform - Node's name of the system
 * @returns true on Linux
 */
export function canFork(platform: NodeJS.Platform = process.platform): boolean {
  return platform === 'linux';
}

/**
 * Starts a fork server. Where it does not come up, or ends before its time, pytest is run without it.
 *
 * @param options - see {@link ForkServerOptions}
 * @returns the server, to be stopped
 */
export function startForkServer(options: ForkServerOptions): ForkServer {
  const { workspaceRoot, python, preload, spawnPytest } = options;
  const outputs = mkdtempSync(join(tmpdir(), 'lambda-py-pytest-'));
  const child = spawn(
    python,
    [join(__dirname, 'files', 'pytest_fork_server.py')],
    {
      cwd: workspaceRoot,
      env: inSameLocale(toolEnvironment()),
      stdio: ['pipe', 'pipe', 'ignore'],
      // A terminal's signals are passed on as the end of its input, so that it ends what it runs first.
      detached: true,
    },
  );
  const server = connect(child);
  let isStopping = false;
  const stop = (): Promise<void> => {
    isStopping = true;
    return server.stop();
  };
  const stopListening = onTermination(() => void stop());
  server.send({ preload: preload.modules, plugins: preload.plugins });
  let runs = 0;
  return {
    launch: async (run) => {
      runs += 1;
      const output = join(outputs, String(runs));
      const answer = await server.ask(requestOf(runs, run, output));
      if (answer?.code === undefined) {
        return isStopping ? INTERRUPTED : spawnPytest(run);
      }
      process.stdout.write(withoutRoot(readStart(output), workspaceRoot));
      rmSync(output, { force: true });
      return endOf(answer, answer.code);
    },
    stop: async () => {
      await stop();
      stopListening();
      rmSync(outputs, { recursive: true, force: true });
    },
  };
}

/** How a run ends that a signal has ended: as after Ctrl-C. */
const INTERRUPTED: PytestEnd = {
  exitCode: 130,
  signal: 'SIGINT',
  timedOut: false,
  printedTooMuch: false,
};

function requestOf(
  id: number,
  { args, cwd, env, timeout }: PytestRun,
  output: string,
): { readonly id: number } {
  writeFileSync(output, '');
  return {
    id,
    ...{ args, cwd, timeout, output, limit: OUTPUT_LIMIT },
    ...{ env: inSameLocale(toolEnvironment(env)) },
  };
}

function endOf(answer: Answer, exitCode: number): PytestEnd {
  return {
    exitCode,
    timedOut: answer.stopped === 'timeout',
    printedTooMuch: answer.stopped === 'output',
    ...(answer.signal == null ? {} : { signal: answer.signal }),
  };
}

/** Sends requests and tells answers apart. Whoever waits when the server ends gets none. */
function connect(child: ChildProcessByStdio<Writable, Readable, null>): {
  send(message: unknown): void;
  ask(request: { readonly id: number }): Promise<Answer | undefined>;
  stop(): Promise<void>;
} {
  const waiting = new Map<number, (answer?: Answer) => void>();
  let hasEnded = false;
  let becomeReady: (isReady: boolean) => void;
  const ready = new Promise<boolean>((resolve) => {
    becomeReady = resolve;
  });
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      hasEnded = true;
      becomeReady(false);
      for (const answer of waiting.values()) answer();
      waiting.clear();
      resolve();
    };
    child.once('error', end);
    child.once('close', end);
  });
  // It may have ended meanwhile, which its end tells.
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const answer = JSON.parse(line) as Answer;
    if (answer.id === undefined) {
      becomeReady(answer.ready !== undefined);
      return;
    }
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  const send = (message: unknown): void => {
    child.stdin.write(`${JSON.stringify(message)}\n`);
  };
  return {
    send,
    ask: async (request) => {
      if (!(await ready) || hasEnded) return undefined;
      return new Promise<Answer | undefined>((resolve) => {
        waiting.set(request.id, resolve);
        send(request);
      });
    },
    stop: () => {
      child.stdin.end();
      return ended;
    },
  };
}

function readStart(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(OUTPUT_LIMIT);
    let length = 0;
    for (;;) {
      const read = readSync(
        descriptor,
        bytes,
        length,
        OUTPUT_LIMIT - length,
        null,
      );
      if (read === 0) break;
      length += read;
    }
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(descriptor);
  }
}
