import { tasksOf } from './task-reports';
import type { Workspace } from './workspace';

/** A line of the function's log, or a document of its metrics. */
export type Entry = Readonly<Record<string, unknown>>;

/** What an invocation of a packed function came to. */
export interface Invocation {
  /** Whether the task has failed, as that of a function that raises must. */
  readonly failed: boolean;
  readonly output: string;
  /** The lines of its log that are JSON, less the documents of metrics. */
  readonly log: readonly Entry[];
  /** Every metric that was counted, by its name. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** What the function returned; undefined when it raised. */
  readonly answer: unknown;
}

/**
 * Invokes packed services, each on one of its events of the same name, by one start of Nx.
 *
 * @param workspace - holds the services
 * @param services - the names of their projects
 * @param event - the name of a file in the `events/` of each
 * @returns the invocations by the service
 */
export function invokeAll(
  workspace: Workspace,
  services: readonly string[],
  event: string,
): ReadonlyMap<string, Invocation> {
  const { output } = workspace.tryNx([
    ...['run-many', '--target=invoke', `--projects=${services.join(',')}`],
    ...[`--event=${event}`, '--parallel=2', '--output-style=static'],
  ]);
  const tasks = tasksOf(output);
  return new Map(
    services.map((service) => {
      const task = tasks.get(`${service}:invoke`);
      if (task === undefined) {
        throw new Error(`${service} was not invoked:\n${output}`);
      }
      return [service, invocationOf(task.failed, task.lines)];
    }),
  );
}

function invocationOf(failed: boolean, lines: readonly string[]): Invocation {
  const entries = lines
    .filter((line) => /^\{"(?:level|_aws)"/.test(line))
    .map((line) => JSON.parse(line) as Entry);
  return {
    failed,
    output: lines.join('\n'),
    log: entries.filter((entry) => 'level' in entry),
    metrics: Object.assign(
      {},
      ...entries.filter((entry) => '_aws' in entry),
    ) as Record<string, unknown>,
    answer: answerIn(lines),
  };
}

/** The answer is the line of JSON that follows the report. */
function answerIn(lines: readonly string[]): unknown {
  const report = lines.findIndex((line) => line.startsWith('REPORT '));
  const line = lines
    .slice(report + 1)
    .find((one) => /^(?:[{["]|null$)/.test(one));
  return report === -1 || line === undefined ? undefined : JSON.parse(line);
}
