import { availableParallelism } from 'node:os';
import { batchExecutor } from '../batch/batch-executor';
import { startWorker } from '../batch/executor-worker-client';
import { workerPool } from '../batch/worker-pool';
import packExecutor from './executor';
import type { PackExecutorSchema } from './schema';

const EXECUTOR = require.resolve('./executor');

/** So many artifacts are packed before another process is worth its start. */
const ARTIFACTS_PER_PROCESS = 10;

/**
 * Packs many projects in few processes, one artifact after the other in each, so that no more is in memory than one
 * artifact needs. A process of its own bears what packing may come to: where one runs out of memory, the next artifact
 * gets another.
 */
export default batchExecutor<PackExecutorSchema>({
  executorModule: EXECUTOR,
  share: (tasks, { parallel }) => {
    const [first] = tasks;
    if (first === undefined || tasks.length === 1) {
      return Promise.resolve({
        run: async ({ options, context }) =>
          (await packExecutor(options, context)).success,
      });
    }
    const pool = workerPool(
      Math.min(
        parallel,
        availableParallelism(),
        Math.ceil(tasks.length / ARTIFACTS_PER_PROCESS),
      ),
      () => startWorker(EXECUTOR, first.context),
    );
    return Promise.resolve({
      run: async (task) => {
        const { success, output } = await pool.run(task);
        process.stdout.write(output);
        return success;
      },
      stop: () => {
        pool.stop();
        return Promise.resolve();
      },
    });
  },
});
