import type { BatchedTask } from './batch-executor';
import type { ExecutorWorker } from './executor-worker-client';
import type { TaskEnd } from './run-batch';

/** Workers that share the tasks of a batch. */
export interface WorkerPool {
  readonly run: (task: BatchedTask<unknown>) => Promise<TaskEnd>;
  readonly stop: () => void;
}

/**
 * Makes a pool of workers. The first task runs before all others: it fills the caches that the rest finds full, where at
 * the same time each would fill them for itself.
 *
 * @param most - how many workers there may be
 * @param start - makes a worker
 * @returns the pool, to be stopped
 */
export function workerPool(
  most: number,
  start: () => ExecutorWorker,
): WorkerPool {
  const workers: { readonly worker: ExecutorWorker; load: number }[] = [];
  let first: Promise<unknown> | undefined;
  const runNow = async (task: BatchedTask<unknown>): Promise<TaskEnd> => {
    const chosen = leastLoaded();
    chosen.load += 1;
    try {
      return await chosen.worker.run(task);
    } finally {
      chosen.load -= 1;
    }
  };
  const leastLoaded = (): (typeof workers)[number] => {
    const least = workers.reduce<(typeof workers)[number] | undefined>(
      (one, other) =>
        one === undefined || other.load < one.load ? other : one,
      undefined,
    );
    if (least !== undefined && (least.load === 0 || workers.length >= most)) {
      return least;
    }
    const started = { worker: start(), load: 0 };
    workers.push(started);
    return started;
  };
  return {
    run: async (task) => {
      if (first === undefined) {
        const end = runNow(task);
        first = end;
        return end;
      }
      await first;
      return runNow(task);
    },
    stop: () => {
      for (const { worker } of workers) worker.stop();
    },
  };
}
