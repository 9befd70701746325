import { spawn } from 'node:child_process';
import { constants } from 'node:os';

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
}

/** How a child process ended. */
export interface ProcessResult {
  /** Its exit status; 128 + the signal's number when a signal ended it, as shells count. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** True when {@link ProcessOptions.timeoutMs} ran out. */
  readonly timedOut: boolean;
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
 * @returns the exit status and the output
 * @throws the operating system's error (`ENOENT`, `EACCES` …) when the program cannot be started
 */
export function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: { ...(options.env ?? process.env), ...LOCALE },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8');
      child[stream].on('data', (text: string) => {
        output[stream] += text;
        options.onOutput?.(text, stream);
      });
    }
    let timedOut = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.timeoutMs);
    const stopPassingSignals = passTerminationSignals(child);
    const finish = (): void => {
      clearTimeout(timer);
      stopPassingSignals();
    };
    child.once('error', (error) => {
      finish();
      reject(error);
    });
    child.once('close', (code, signal) => {
      finish();
      resolve({
        exitCode:
          code ?? 128 + (signal === null ? 0 : constants.signals[signal]),
        ...output,
        timedOut,
      });
    });
  });
}

/**
 * Python reads and writes UTF-8 by PYTHONUTF8 (PEP 540), but up to 3.12 takes the locale's encoding for `.pth` files, and
 * so cannot start in an environment whose path is not ASCII where the locale is `C`
 * (https://github.com/python/cpython/issues/77102). `C.UTF-8` is part of glibc and musl; other systems are UTF-8 by
 * themselves.
 */
const LOCALE: NodeJS.ProcessEnv = {
  PYTHONUTF8: '1',
  ...(process.platform === 'linux' ? { LC_ALL: 'C.UTF-8' } : {}),
};

const TERMINATION_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function passTerminationSignals(child: {
  kill(signal: NodeJS.Signals): boolean;
}): () => void {
  const passOn = (signal: NodeJS.Signals): void => {
    child.kill(signal);
    process.exitCode = 128 + constants.signals[signal];
  };
  for (const signal of TERMINATION_SIGNALS) process.on(signal, passOn);
  return () => {
    for (const signal of TERMINATION_SIGNALS) process.off(signal, passOn);
  };
}
