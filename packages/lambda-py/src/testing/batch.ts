import type { ExecutorContext, Task, TaskGraph } from '@nx/devkit';
import { logger } from '../executors/logger';
import type { BatchImplementation } from '../executors/batch/batch-executor';
import { captureOutput } from '../executors/batch/captured-output';
import { executorContext } from './executor-context';

/** What became of a task. */
export interface TaskOutcome {
  readonly success: boolean;
  readonly output: string;
}

type Executor<Options> = (
  options: Options,
  context: ExecutorContext,
) => Promise<{ success: boolean }>;

/**
 * Runs the same tasks in a batch and one by one.
 *
 * @param root - the workspace's root
 * @param projects - the options of each project by its folder, whose last part is the project's name
 * @param batch - the executor's batch implementation
 * @param executor - the executor
 * @returns both outcomes, by the project's name
 */
export async function inBatchAndAlone<Options>(
  root: string,
  projects: Readonly<Record<string, Options>>,
  batch: BatchImplementation<Options>,
  executor: Executor<Options>,
): Promise<{
  readonly together: Readonly<Record<string, TaskOutcome>>;
  readonly alone: Readonly<Record<string, TaskOutcome>>;
}> {
  const named = Object.entries(projects).map(([projectRoot, options]) => ({
    name: projectRoot.split('/').at(-1) ?? '',
    projectRoot,
    options,
  }));
  const context: ExecutorContext = {
    ...executorContext(root, ''),
    projectsConfigurations: {
      version: 2,
      projects: Object.fromEntries(
        named.map(({ name, projectRoot }) => [name, { root: projectRoot }]),
      ),
    },
  };
  // Jest's console does not write to the standard streams, as Nx's logger does in a task.
  const spies = (['info', 'warn', 'error'] as const).map((level) =>
    jest.spyOn(logger, level).mockImplementation((...texts: unknown[]) => {
      process.stderr.write(`${texts.join(' ')}\n`);
    }),
  );
  const together: Record<string, TaskOutcome> = {};
  const results = batch(
    graphOf(named),
    Object.fromEntries(named.map(({ name, options }) => [name, options])),
    {},
    context,
  );
  for await (const { task, result } of results) {
    together[task] = { success: result.success, output: result.terminalOutput };
  }
  const alone: Record<string, TaskOutcome> = {};
  for (const { name, options } of named) {
    const { result, output } = await captureOutput(() =>
      executor(options, { ...context, projectName: name }),
    );
    alone[name] = { success: result.success, output };
  }
  for (const spy of spies) spy.mockRestore();
  return { together, alone };
}

function graphOf(
  projects: readonly { readonly name: string; readonly projectRoot: string }[],
): TaskGraph {
  const byName = <Value>(value: (name: string, root: string) => Value) =>
    Object.fromEntries(
      projects.map(({ name, projectRoot }) => [name, value(name, projectRoot)]),
    );
  return {
    roots: projects.map(({ name }) => name),
    tasks: byName((name, projectRoot): Task => ({
      id: name,
      target: { project: name, target: 'target' },
      projectRoot,
      overrides: {},
      outputs: [],
      cache: true,
      parallelism: true,
    })),
    dependencies: byName(() => []),
    continuousDependencies: byName(() => []),
  };
}
