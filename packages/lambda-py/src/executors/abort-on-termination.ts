import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts work when somebody ends this process, so that the work can leave things in order.
 *
 * @param work - the work; its signal is aborted by SIGINT, SIGTERM or SIGHUP
 * @returns what the work returns
 */
export async function abortOnTermination<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const abort = (signal: NodeJS.Signals): void => {
    process.exitCode = 128 + constants.signals[signal];
    controller.abort(new Error(`interrupted by ${signal}`));
  };
  for (const signal of SIGNALS) process.on(signal, abort);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, abort);
  }
}
