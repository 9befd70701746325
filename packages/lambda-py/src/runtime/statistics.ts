import type { InvocationFigures } from './report';

/** Some figures, summed up; in the unit of the figures. */
export interface Summary {
  readonly count: number;
  readonly minimum: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly maximum: number;
}

/** What many invocations came to. Durations are in ms. */
export interface Statistics {
  readonly invocations: number;
  /** How many execution environments were started. */
  readonly environments: number;
  /** How many invocations failed, by the type of their error. */
  readonly failures: Readonly<Record<string, number>>;
  /** Of all invocations, the initialisation not counted. */
  readonly durationMs?: Summary;
  /** From spawning the interpreter to its first poll. */
  readonly initDurationMs?: Summary;
  /** Of the first invocation of each environment. */
  readonly firstDurationMs?: Summary;
  /** Of all that follow the first. */
  readonly warmDurationMs?: Summary;
  readonly maxMemoryUsedMb: number;
}

/** An invocation, as far as statistics go. */
export interface CountedInvocation extends InvocationFigures {
  readonly error?: { readonly errorType: string };
  /** True for the first invocation of its environment. */
  readonly isFirst: boolean;
}

/**
 * Sums up invocations.
 *
 * @param invocations - in any order
 * @returns their statistics; those that failed count as well, but by their number
 */
export function summarise(
  invocations: readonly CountedInvocation[],
): Statistics {
  const failures: Record<string, number> = {};
  for (const { error } of invocations) {
    if (error === undefined) continue;
    failures[error.errorType] = (failures[error.errorType] ?? 0) + 1;
  }
  const succeeded = invocations.filter(({ error }) => error === undefined);
  const durations = (
    those: readonly CountedInvocation[],
  ): Summary | undefined =>
    summaryOf(those.map(({ durationMs }) => durationMs));
  const firsts = invocations.filter(({ isFirst }) => isFirst);
  const summaries = {
    durationMs: durations(succeeded),
    initDurationMs: summaryOf(
      firsts.flatMap(({ initDurationMs }) => initDurationMs ?? []),
    ),
    firstDurationMs: durations(succeeded.filter(({ isFirst }) => isFirst)),
    warmDurationMs: durations(succeeded.filter(({ isFirst }) => !isFirst)),
  };
  return {
    invocations: invocations.length,
    environments: firsts.length,
    failures,
    ...(Object.fromEntries(
      Object.entries(summaries).filter(([, summary]) => summary !== undefined),
    ) as Partial<Statistics>),
    maxMemoryUsedMb: Math.max(
      0,
      ...invocations.map(({ maxMemoryUsedMb }) => maxMemoryUsedMb),
    ),
  };
}

/**
 * Sums up figures; percentiles by the nearest rank, so that each is one of the figures.
 *
 * @param figures - in any order
 * @returns the summary; `undefined` of no figures
 */
export function summaryOf(figures: readonly number[]): Summary | undefined {
  const sorted = [...figures].sort((one, other) => one - other);
  const count = sorted.length;
  if (count === 0) return undefined;
  const at = (percent: number): number =>
    sorted[Math.max(0, Math.ceil((percent / 100) * count) - 1)] ?? NaN;
  return {
    count,
    minimum: at(0),
    p50: at(50),
    p90: at(90),
    p99: at(99),
    maximum: at(100),
  };
}

const ROWS = [
  ['Init Duration', 'initDurationMs'],
  ['first invocation', 'firstDurationMs'],
  ['warm invocations', 'warmDurationMs'],
] as const;

/**
 * Renders statistics for people.
 *
 * @param statistics - from {@link summarise}
 * @returns lines of text
 */
export function formatStatistics(statistics: Statistics): string {
  const header = ['ms', 'count', 'min', 'p50', 'p90', 'p99', 'max'];
  const rows = ROWS.flatMap(([title, key]) => {
    const summary = statistics[key];
    if (summary === undefined) return [];
    const { count, minimum, p50, p90, p99, maximum } = summary;
    const figures = [minimum, p50, p90, p99, maximum];
    return [
      [title, String(count), ...figures.map((figure) => figure.toFixed(2))],
    ];
  });
  const failures = Object.entries(statistics.failures);
  const failed = failures.reduce((sum, [, count]) => sum + count, 0);
  return [
    `${statistics.invocations} invocations in ${statistics.environments} execution environments, ${failed} failed` +
      (failed === 0
        ? ''
        : ` (${failures.map(([type, count]) => `${type}: ${count}`).join(', ')})`),
    `Max Memory Used: ${statistics.maxMemoryUsedMb} MB`,
    ...alignColumns([header, ...rows]),
  ].join('\n');
}

function alignColumns(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
