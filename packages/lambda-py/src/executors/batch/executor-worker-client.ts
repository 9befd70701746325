import type { ExecutorContext } from '@nx/devkit';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { messageOf } from '../../workspace/errors';
import { onTermination } from '../../workspace/process';
import type { TaskEnd } from './run-batch';

/** What a worker is asked to run. */
export interface WorkerRequest {
  readonly executorModule: string;
  readonly options: unknown;
  readonly context: ExecutorContext;
}

/** What a worker tells before it runs what it was asked for: from then on, that may have had effects. */
export const BEGUN = 'begun';

/**
 * A process that runs an executor, one task after the other, and is made anew when a task has ended it. A task is run
 * once: one that had not begun when its process ended is given to another process, and never one that had.
 */
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
  let isOver = false;
  const stopListening = onTermination((signal) => {
    isOver = true;
    child?.kill(signal);
  });
  const shared = slimContext(context);
  const start = (): ChildProcess => {
    const started = fork(join(__dirname, 'executor-worker.js'), {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    started.stdout?.setEncoding('utf8');
    started.stderr?.setEncoding('utf8');
    // It may end between two tasks; Node throws an error that nobody listens to.
    const forget = (): void => {
      if (child === started) child = undefined;
    };
    for (const end of ['error', 'exit', 'disconnect']) started.on(end, forget);
    return started;
  };
  const askWorker = async (request: WorkerRequest): Promise<TaskEnd> => {
    try {
      child ??= start();
      const first = await ask(child, request);
      if (first.isFinal || isOver) return first.end;
      // It has ended since the last task and told nobody yet, or was killed before it took this one up.
      child = start();
      return (await ask(child, request)).end;
    } catch (error) {
      return failed(request, `could not be started: ${messageOf(error)}`);
    }
  };
  return {
    run: (task) => {
      const end = last.then(() =>
        askWorker({
          executorModule,
          options: task.options,
          context: {
            ...shared,
            projectName: task.context.projectName ?? '',
            targetName: task.context.targetName ?? '',
          },
        }),
      );
      last = end;
      return end;
    },
    stop: () => {
      isOver = true;
      stopListening();
      if (child?.connected === true) child.disconnect();
      child = undefined;
    },
  };
}

function failed(
  { context: { projectName = '', targetName = '' } }: WorkerRequest,
  how: string,
  printed = '',
): TaskEnd {
  return {
    success: false,
    output: `${printed}the process that ran ${projectName}:${targetName} ${how}\n`,
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

/** How a worker was asked once. */
interface Attempt {
  readonly end: TaskEnd;
  /** Whether it stays so: the task may have had effects, or there is no process to be had. */
  readonly isFinal: boolean;
}

function ask(child: ChildProcess, request: WorkerRequest): Promise<Attempt> {
  return new Promise((resolve) => {
    let hasBegun = false;
    // What native code and the engine print when they crash.
    let printed = '';
    const take = (text: string): void => {
      printed += text;
    };
    const finish = (end: TaskEnd, isFinal = hasBegun): void => {
      child.stdout?.off('data', take);
      child.stderr?.off('data', take);
      child.off('message', answered);
      child.off('close', closed);
      child.off('error', refused);
      resolve({ end, isFinal });
    };
    const answered = (answer: typeof BEGUN | TaskEnd): void => {
      if (answer === BEGUN) hasBegun = true;
      else finish({ ...answer, output: printed + answer.output });
    };
    // After all that it has told: Node closes the channel first.
    const closed = (code: number | null, signal: string | null): void => {
      const when = hasBegun ? 'unexpectedly' : 'before the task had begun';
      const how = signal ?? `status ${code ?? 'unknown'}`;
      finish(failed(request, `ended ${when}, with ${how}`, printed));
    };
    const refused = (error: Error): void => {
      finish(failed(request, `could not be started: ${error.message}`), true);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.on('message', answered);
    child.on('close', closed);
    child.on('error', refused);
    child.send(request, (error) => {
      // Where it could not be started at all, that is told as well.
      if (error === null) return;
      setImmediate(finish, failed(request, 'could not be reached'));
    });
  });
}
