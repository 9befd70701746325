import { constants } from 'node:os';
import { onTermination } from '../workspace/process';

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
  const stopListening = onTermination((signal) => {
    process.exitCode = 128 + constants.signals[signal];
    controller.abort(new Error(`interrupted by ${signal}`));
  });
  try {
    return await work(controller.signal);
  } finally {
    stopListening();
  }
}
