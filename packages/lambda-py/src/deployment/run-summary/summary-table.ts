import type { SummaryRow } from './summary';

const HEADER = [
  'project',
  'stage',
  'strategy',
  'version',
  'outcome',
  'seconds',
] as const;

/**
 * Shows what a run has deployed as a table.
 *
 * @param rows - what it has deployed
 * @returns a line for each under a header, and one that counts the outcomes
 */
export function formatSummary(rows: readonly SummaryRow[]): string {
  const cells = [
    [...HEADER],
    ...rows.map((row) => [
      row.project,
      row.stage,
      row.strategy ?? '',
      describeVersion(row),
      row.outcome,
      row.seconds?.toFixed(1) ?? '',
    ]),
  ];
  const widths = HEADER.map((_, column) =>
    Math.max(...cells.map((line) => line[column]?.length ?? 0)),
  );
  const lines = cells.map((line) =>
    line
      .map((cell, column) =>
        column === HEADER.length - 1
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  '),
  );
  return [...lines, countOutcomes(rows)].join('\n');
}

function describeVersion({ version = '', previous }: SummaryRow): string {
  return previous === undefined || previous === version
    ? version
    : `${version} (was ${previous})`;
}

function countOutcomes(rows: readonly SummaryRow[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of rows) {
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return [...counts]
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');
}
