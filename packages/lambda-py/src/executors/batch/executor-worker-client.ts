import type { ExecutorContext } from '@nx/devkit';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { onTermination } from '../../workspace/process';
import type { TaskEnd } from './run-batch';

/** What a worker is asked to run. */
export interface WorkerRequest {
  readonly executorModule: string;
  readonly options: unknown;
  readonly context: ExecutorContext;
}

/** A process that runs an executor, one task after the other, and is made anew when a task has ended it. */
export interface ExecutorWorker {
  /** Runs a task; waits for those that it was given before. */
  readonly run: (task: {
    readonly options: unknown;
    readonly context: ExecutorContext;
  }) => Promise<TaskEnd>;
  readonly stop: () => void;
}

/**
 * Makes a worker; its process is started for its first task.
 *
 * @param executorModule - the module whose default export is the executor: absolute path
 * @param context - what all its tasks share
 * @param env - its whole environment
 * @returns the worker, to be stopped
 */
export function startWorker(
  executorModule: string,
  context: ExecutorContext,
  env: NodeJS.ProcessEnv = process.env,
): ExecutorWorker {
  let child: ChildProcess | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const stopListening = onTermination((signal) => child?.kill(signal));
  const shared = slimContext(context);
  return {
    run: (task) => {
      const end = last.then(() => {
        child ??= fork(join(__dirname, 'executor-worker.js'), {
          env,
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        });
        return ask(child, {
          executorModule,
          options: task.options,
          context: {
            ...shared,
            projectName: task.context.projectName ?? '',
            targetName: task.context.targetName ?? '',
          },
        }).finally(() => {
          if (child?.connected !== true) child = undefined;
        });
      });
      last = end;
      return end;
    },
    stop: () => {
      stopListening();
      child?.disconnect();
      child = undefined;
    },
  };
}

/** Executors know a project by its root; the whole graph of a large workspace would have to be sent for each task. */
function slimContext(context: ExecutorContext): ExecutorContext {
  const { projects, version } = context.projectsConfigurations;
  return {
    root: context.root,
    cwd: context.cwd,
    isVerbose: context.isVerbose,
    nxJsonConfiguration: context.nxJsonConfiguration,
    projectGraph: { nodes: {}, dependencies: {} },
    projectsConfigurations: {
      version,
      projects: Object.fromEntries(
        Object.entries(projects).map(([name, { root }]) => [name, { root }]),
      ),
    },
  };
}

function ask(child: ChildProcess, request: WorkerRequest): Promise<TaskEnd> {
  return new Promise((resolve) => {
    // What native code and the engine print when they crash.
    let printed = '';
    const take = (text: Buffer): void => {
      printed += text.toString('utf8');
    };
    const finish = (end: TaskEnd): void => {
      child.stdout?.off('data', take);
      child.stderr?.off('data', take);
      child.off('message', answered);
      child.off('close', closed);
      resolve(end);
    };
    const answered = (end: TaskEnd): void => {
      finish({ ...end, output: printed + end.output });
    };
    const closed = (code: number | null, signal: string | null): void => {
      const { projectName, targetName } = request.context;
      const how = signal ?? `status ${code ?? 'unknown'}`;
      finish({
        success: false,
        output: `${printed}the process that ran ${projectName ?? ''}:${targetName ?? ''} ended unexpectedly, with ${how}\n`,
      });
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('message', answered);
    child.on('close', closed);
    child.send(request, (error) => {
      if (error !== null) closed(child.exitCode, child.signalCode);
    });
  });
}
