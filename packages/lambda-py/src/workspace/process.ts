import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** More than this a tool may not print, in characters: Nx, which keeps it all, would run out of memory. */
export const OUTPUT_LIMIT = 20 * 1024 ** 2;

/** Node fires a timer at once whose delay is longer: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

/** How a child process is run. */
export interface ProcessOptions {
  /** The working directory: an absolute path. */
  readonly cwd: string;
  /** The whole environment of the child; the environment of this process when left out. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called for every piece of output as it comes. */
  readonly onOutput?: (text: string, stream: 'stdout' | 'stderr') => void;
  /** After how many ms the child is killed; never when left out. */
  readonly timeoutMs?: number;
  /** After how many characters of output the child is killed; never when left out. */
  readonly outputLimit?: number;
  /**
   * True where the child leads a process group: then what it started is ended with it, and does not outlive it. There
   * are no such groups on Windows, where what it started is ended with it only when it is killed.
   */
  readonly isGroup?: boolean;
}

/** How a child process ended. */
export interface ProcessResult {
  /** Its exit status; 128 + the signal's number when a signal ended it, as shells count. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The signal that ended it, if one did. */
  readonly signal?: NodeJS.Signals;
  /** True when {@link ProcessOptions.timeoutMs} ran out. */
  readonly timedOut: boolean;
  /** True when it printed more than {@link ProcessOptions.outputLimit}. */
  readonly printedTooMuch: boolean;
}

/**
 * Runs a program with an argument array (never through a shell) and collects its output.
 *
 * The child ends with this process: a termination signal is passed on to it. It runs in the same locale everywhere: what
 * it finds, and the bytes that it writes, must not hang on the user's.
 *
 * @param command - the executable: a path, or a name that PATH holds
 * @param args - its arguments
 * @param options - see {@link ProcessOptions}
 * @param platform - `process.platform`
 * @returns the exit status and the output
 * @throws the operating system's error (`ENOENT`, `EACCES` …) when the program cannot be started
 */
export function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
  platform: NodeJS.Platform = process.platform,
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const isTree = options.isGroup === true && platform === 'win32';
    const isGroup = options.isGroup === true && !isTree;
    const child = spawn(command, args, {
      cwd: options.cwd,
      detached: isGroup,
      env: inSameLocale(options.env ?? process.env, platform),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const kill = (signal: NodeJS.Signals): void => {
      if (isTree) killTree(child);
      else killChild(child, isGroup, signal);
    };
    const output = { stdout: '', stderr: '' };
    let printedTooMuch = false;
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8');
      child[stream].on('data', (text: string) => {
        if (printedTooMuch) return;
        output[stream] += text;
        options.onOutput?.(text, stream);
        const { outputLimit = Infinity } = options;
        if (output.stdout.length + output.stderr.length > outputLimit) {
          printedTooMuch = true;
          kill('SIGKILL');
        }
      });
    }
    let timedOut = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(
            () => {
              timedOut = true;
              kill('SIGKILL');
            },
            Math.min(options.timeoutMs, LONGEST_DELAY_MS),
          );
    const stopPassingSignals = passTerminationSignals(kill);
    const finish = (): void => {
      clearTimeout(timer);
      stopPassingSignals();
    };
    child.once('error', (error) => {
      finish();
      reject(error);
    });
    // What it leaves running would hold its output open, and this task with it.
    child.once('exit', () => {
      if (isGroup) kill('SIGKILL');
    });
    child.once('close', (code, signal) => {
      finish();
      resolve({
        exitCode:
          code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
        ...output,
        ...(signal === null ? {} : { signal }),
        timedOut,
        printedTooMuch,
      });
    });
  });
}

/** `C.UTF-8` is part of glibc and musl, `en_US.UTF-8` of macOS; Python on Windows asks for neither. */
const LOCALES: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'C.UTF-8',
  darwin: 'en_US.UTF-8',
};

/**
 * The environment of a child process; see {@link runProcess} for its locale.
 *
 * Python reads and writes UTF-8 by PYTHONUTF8 (PEP 540), but up to 3.12 takes the locale's encoding for `.pth` files, and
 * so cannot start in an environment whose path is not ASCII where the locale is `C`
 * (https://github.com/python/cpython/issues/77102).
 *
 * @param env - what the child is given
 * @param platform - `process.platform`
 * @returns the whole environment
 */
export function inSameLocale(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  const locale = LOCALES[platform];
  return {
    ...env,
    PYTHONUTF8: '1',
    ...(locale === undefined ? {} : { LC_ALL: locale }),
  };
}

/** The signals by which a user, or Nx, ends a run. */
const TERMINATION_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What a child has to end in after such a signal, before it is killed: in ms. */
const GRACE_MS = 5_000;

function killChild(
  child: ChildProcess,
  isGroup: boolean,
  signal: NodeJS.Signals,
): void {
  if (!isGroup || child.pid === undefined) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of it is left.
  }
}

/** https://learn.microsoft.com/windows-server/administration/windows-commands/taskkill */
function killTree(child: ChildProcess): void {
  const kill = (): void => void child.kill();
  spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], {
    env: process.env,
    stdio: 'ignore',
    windowsHide: true,
  })
    .once('error', kill)
    // Whatever it could not do: one that has ended is not killed again.
    .once('exit', kill);
}

type TerminationListener = (signal: NodeJS.Signals) => void;

const listeners = new Set<TerminationListener>();

function tellListeners(signal: NodeJS.Signals): void {
  for (const listener of [...listeners]) listener(signal);
}

/**
 * Listens for the signals by which a run is ended. Any number may listen; Node warns of more than ten listeners.
 *
 * @param listener - is told which signal came
 * @returns stops listening
 */
export function onTermination(listener: TerminationListener): () => void {
  if (listeners.size === 0) {
    for (const signal of TERMINATION_SIGNALS) process.on(signal, tellListeners);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    for (const signal of TERMINATION_SIGNALS) {
      process.off(signal, tellListeners);
    }
  };
}

function passTerminationSignals(
  kill: (signal: NodeJS.Signals) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stopListening = onTermination((signal) => {
    kill(signal);
    timer ??= setTimeout(() => {
      kill('SIGKILL');
    }, GRACE_MS);
    process.exitCode = 128 + constants.signals[signal];
  });
  return () => {
    clearTimeout(timer);
    stopListening();
  };
}
