import { v } from '../workspace/validation';

const summarySchema = v.object({
  num_statements: v.number(),
  covered_lines: v.number(),
  num_branches: v.optional(v.number(), 0),
  covered_branches: v.optional(v.number(), 0),
});
const reportSchema = v.object({
  totals: summarySchema,
  files: v.record(v.string(), v.object({ summary: summarySchema })),
});

type Summary = v.InferOutput<typeof summarySchema>;

/** The least coverage that passes, in percent. */
export interface CoverageThresholds {
  readonly lines: number;
  readonly branches: number;
}

/** What a coverage report came to. */
export interface CoverageVerdict {
  /** True when both gates are passed. */
  readonly passed: boolean;
  /** What to tell the user: the two figures, and for a gate that is not passed the files that lack most. */
  readonly message: string;
}

/**
 * Holds a coverage report to its two gates. coverage's own `fail_under` mixes lines and branches into one figure, so
 * that well covered lines hide missing branches.
 *
 * @param report - the parsed JSON report of coverage.py
 * @param thresholds - the gates
 * @returns the verdict
 * @throws ValiError when the report is not as coverage.py writes it
 */
export function judgeCoverage(
  report: unknown,
  thresholds: CoverageThresholds,
): CoverageVerdict {
  const { totals, files } = v.parse(reportSchema, report);
  const gates = [
    {
      kind: 'lines',
      threshold: thresholds.lines,
      counts: (summary: Summary) =>
        [summary.covered_lines, summary.num_statements] as const,
    },
    {
      kind: 'branches',
      threshold: thresholds.branches,
      counts: (summary: Summary) =>
        [summary.covered_branches, summary.num_branches] as const,
    },
  ];
  const failures = gates.filter(
    ({ counts, threshold }) => percent(counts(totals)) < threshold,
  );
  const figures = gates
    .map(({ kind, counts, threshold }) => {
      const [covered, total] = counts(totals);
      return `${shown(percent([covered, total]))} % of ${kind} (${covered} of ${total}, at least ${threshold} %)`;
    })
    .join(', ');
  return {
    passed: failures.length === 0,
    message: [
      `coverage: ${figures}`,
      ...failures.flatMap(({ kind, counts }) => [
        `too few ${kind} are covered; missing most:`,
        ...Object.entries(files)
          .map(([file, { summary }]) => {
            const [covered, total] = counts(summary);
            return { file, missing: total - covered };
          })
          .filter(({ missing }) => missing > 0)
          .sort((one, other) => other.missing - one.missing)
          .slice(0, 10)
          .map(({ file, missing }) => `  ${file}: ${missing} not covered`),
      ]),
    ].join('\n'),
  };
}

/** Rounded down: 84.96 % must not read as the 85 % that it lacks. */
function shown(figure: number): string {
  return (Math.floor(figure * 10) / 10).toFixed(1);
}

function percent([covered, total]: readonly [number, number]): number {
  return total === 0 ? 100 : (100 * covered) / total;
}
