import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { constants } from 'node:os';
import { onTermination } from '../../workspace/process';
import { succeedOrReport } from '../succeed-or-report';
import { captureOutput } from './captured-output';
import { startWorker } from './executor-worker-client';
import { parallelism } from './parallelism';
import { runBatch } from './run-batch';
import type { BatchTaskResult, TaskEnd } from './run-batch';
import { ownEnvironment } from './task-environment';

/** A task of a batch, as its executor would be given it. */
export interface BatchedTask<Options> {
  readonly id: string;
  readonly options: Options;
  readonly context: ExecutorContext;
}

/** What the tasks of a batch share while it runs. */
export interface SharedWork<Options> {
  /** Runs a task; it prints as the executor does. */
  readonly run: (task: BatchedTask<Options>) => Promise<boolean>;
  /** Ends what was started for all; called once. */
  readonly stop?: () => Promise<void>;
}

/** How an executor runs many tasks. */
export interface BatchDefinition<Options> {
  /** The module whose default export is the executor: absolute path. Tasks that cannot share run through it, apart. */
  readonly executorModule: string;
  /** Prepares what the tasks share. It must not print. */
  readonly share: (
    tasks: readonly BatchedTask<Options>[],
    batch: { readonly root: string; readonly parallel: number },
  ) => Promise<SharedWork<Options>>;
}

/** What Nx calls for a batch. */
export type BatchImplementation<Options> = (
  taskGraph: TaskGraph,
  inputs: Record<string, Options>,
  overrides: unknown,
  context: ExecutorContext,
) => AsyncGenerator<BatchTaskResult, void, undefined>;

/**
 * Makes an executor's `batchImplementation`: every task has its own output, status and cache entry, and none can fail
 * another.
 *
 * @param definition - see {@link BatchDefinition}
 * @returns what Nx calls
 */
export function batchExecutor<Options>({
  executorModule,
  share,
}: BatchDefinition<Options>): BatchImplementation<Options> {
  return async function* (taskGraph, inputs, _, context) {
    const parallel = parallelism(context.nxJsonConfiguration.parallel);
    const tasks = batchedTasks(taskGraph, inputs, context);
    const apart = new Map<string, NodeJS.ProcessEnv>();
    for (const task of Object.values(taskGraph.tasks)) {
      const env = ownEnvironment(context.root, task);
      if (env !== undefined) apart.set(task.id, env);
    }
    const interruption = watchForInterruption();
    const together = [...tasks.values()].filter(({ id }) => !apart.has(id));
    let shared: Promise<SharedWork<Options>> | undefined;
    const runTask = async (id: string): Promise<TaskEnd> => {
      const task = tasks.get(id);
      if (task === undefined || interruption.signal !== undefined) {
        return { success: false, output: '' };
      }
      const env = apart.get(id);
      if (env !== undefined) {
        const worker = startWorker(executorModule, context, env);
        return worker.run(task).finally(worker.stop);
      }
      const { result, output } = await captureOutput(() =>
        succeedOrReport(async () => {
          shared ??= share(together, { root: context.root, parallel });
          return (await shared).run(task);
        }),
      );
      return { success: result.success, output };
    };
    try {
      yield* runBatch(taskGraph, parallel, runTask);
    } finally {
      await (await shared?.catch(() => undefined))?.stop?.();
      interruption.end();
      releaseProcess();
    }
  };
}

function batchedTasks<Options>(
  taskGraph: TaskGraph,
  inputs: Record<string, Options>,
  context: ExecutorContext,
): ReadonlyMap<string, BatchedTask<Options>> {
  return new Map(
    Object.values(taskGraph.tasks).map(({ id, target }) => [
      id,
      {
        id,
        options: inputs[id] as Options,
        context: {
          ...context,
          projectName: target.project,
          targetName: target.target,
          ...(target.configuration === undefined
            ? {}
            : { configurationName: target.configuration }),
        },
      },
    ]),
  );
}

/**
 * Lets the process of the batch end once its results are sent. Nx asks it for nothing more, but the channel to Nx would
 * keep it, until Nx ends it and waits for that: a quarter of a second of each run, as was measured with Nx 23.2.
 */
function releaseProcess(): void {
  process.channel?.unref();
}

/** Nx waits for the process of a batch to end after a signal, and Node's IPC would keep it. */
function watchForInterruption(): {
  readonly signal: NodeJS.Signals | undefined;
  end(): void;
} {
  let received: NodeJS.Signals | undefined;
  const stopListening = onTermination((signal) => {
    received ??= signal;
  });
  return {
    get signal() {
      return received;
    },
    end() {
      stopListening();
      if (received !== undefined) {
        process.exit(128 + constants.signals[received]);
      }
    },
  };
}
