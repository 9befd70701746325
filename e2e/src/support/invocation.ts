import type { Outcome, Workspace } from './workspace';

/** A line of the function's log, or a document of its metrics. */
export type Entry = Readonly<Record<string, unknown>>;

/** What an invocation of a packed function came to. */
export interface Invocation {
  readonly exitCode: number;
  readonly output: string;
  /** The lines of its log that are JSON, less the documents of metrics. */
  readonly log: readonly Entry[];
  /** Every metric that was counted, by its name. */
  readonly metrics: Readonly<Record<string, unknown>>;
  /** What the function returned; undefined when it raised. */
  readonly answer: unknown;
}

/**
 * Invokes a packed service on one of its events.
 *
 * @param workspace - holds the service
 * @param service - the name of its project
 * @param event - the name of a file in its `events/`
 */
export function invoke(
  workspace: Workspace,
  service: string,
  event: string,
): Invocation {
  const outcome = workspace.tryNx([
    ...['run', `${service}:invoke`, `--event=${event}`],
    '--output-style=static',
  ]);
  const entries = outcome.stdout
    .split('\n')
    .filter((line) => /^\{"(?:level|_aws)"/.test(line))
    .map((line) => JSON.parse(line) as Entry);
  return {
    exitCode: outcome.exitCode,
    output: outcome.output,
    log: entries.filter((entry) => 'level' in entry),
    metrics: Object.assign(
      {},
      ...entries.filter((entry) => '_aws' in entry),
    ) as Record<string, unknown>,
    answer: answerOf(outcome),
  };
}

/** The answer is the line of JSON that follows the report. */
function answerOf({ stdout }: Outcome): unknown {
  const lines = stdout.split('\n');
  const report = lines.findIndex((line) => line.startsWith('REPORT '));
  const line = lines
    .slice(report + 1)
    .find((one) => /^(?:[{["]|null$)/.test(one));
  return report === -1 || line === undefined ? undefined : JSON.parse(line);
}
