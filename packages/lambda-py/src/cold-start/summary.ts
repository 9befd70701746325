import type { InitTime } from './measure';

/** Many initialisations in few numbers, in ms of CPU time. */
export interface InitSummary {
  readonly medianMs: number;
  readonly minimumMs: number;
  readonly maximumMs: number;
  /** The medians of the parts. */
  readonly interpreterMs: number;
  readonly clientMs: number;
  readonly functionMs: number;
}

/**
 * Sums measurements up.
 *
 * @param times - at least one
 * @returns medians and extremes
 */
export function summarise(times: readonly InitTime[]): InitSummary {
  const totals = times.map(({ totalMs }) => totalMs);
  return {
    medianMs: median(totals),
    minimumMs: Math.min(...totals),
    maximumMs: Math.max(...totals),
    interpreterMs: median(times.map(({ interpreterMs }) => interpreterMs)),
    clientMs: median(times.map(({ clientMs }) => clientMs)),
    functionMs: median(times.map(({ functionMs }) => functionMs)),
  };
}

/**
 * The median.
 *
 * @param values - at least one
 * @returns the value in the middle, or the mean of the two that are there
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
