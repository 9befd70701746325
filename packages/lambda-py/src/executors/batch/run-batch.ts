import type { TaskGraph } from '@nx/devkit';

/** What Nx takes from a batch for each task, as it ends. */
export interface BatchTaskResult {
  /** The task's id. */
  readonly task: string;
  readonly result: {
    readonly success: boolean;
    /** Only where the task did not run, since one that it depends on had failed. */
    readonly status?: 'skipped';
    /** What is shown, and kept in the cache. */
    readonly terminalOutput: string;
    readonly startTime: number;
    readonly endTime: number;
  };
}

/** How a task ended. */
export interface TaskEnd {
  readonly success: boolean;
  readonly output: string;
}

/**
 * Runs the tasks of a batch, each once those that it depends on have succeeded, and tells of each as it ends.
 *
 * @param taskGraph - the batch, as Nx gives it
 * @param parallel - how many run at a time
 * @param runTask - runs the task with an id; it must not reject
 * @returns the results, each task's once
 */
export async function* runBatch(
  taskGraph: Pick<TaskGraph, 'tasks' | 'dependencies'>,
  parallel: number,
  runTask: (id: string) => Promise<TaskEnd>,
): AsyncGenerator<BatchTaskResult, void, undefined> {
  const waiting = new Set(Object.keys(taskGraph.tasks));
  const running = new Map<string, Promise<BatchTaskResult>>();
  const succeeded = new Map<string, boolean>();
  const dependenciesOf = (id: string): readonly string[] =>
    (taskGraph.dependencies[id] ?? []).filter(
      (dependency) => taskGraph.tasks[dependency] !== undefined,
    );
  while (waiting.size + running.size > 0) {
    let progressed = false;
    for (const id of waiting) {
      const ends = dependenciesOf(id).map((one) => succeeded.get(one));
      if (ends.includes(false)) {
        waiting.delete(id);
        succeeded.set(id, false);
        progressed = true;
        yield skippedResult(id);
      } else if (running.size < parallel && !ends.includes(undefined)) {
        waiting.delete(id);
        running.set(id, timed(id, runTask));
        progressed = true;
      }
    }
    if (running.size === 0) {
      if (progressed) continue;
      throw new Error(
        `the tasks of the batch wait for each other: ${[...waiting].join(', ')}`,
      );
    }
    const ended = await Promise.race(running.values());
    running.delete(ended.task);
    succeeded.set(ended.task, ended.result.success);
    yield ended;
  }
}

async function timed(
  id: string,
  runTask: (id: string) => Promise<TaskEnd>,
): Promise<BatchTaskResult> {
  const startTime = Date.now();
  const { success, output } = await runTask(id);
  return {
    task: id,
    result: {
      success,
      terminalOutput: output,
      startTime,
      endTime: Date.now(),
    },
  };
}

function skippedResult(id: string): BatchTaskResult {
  const now = Date.now();
  return {
    task: id,
    result: {
      success: false,
      status: 'skipped',
      terminalOutput: '',
      startTime: now,
      endTime: now,
    },
  };
}
