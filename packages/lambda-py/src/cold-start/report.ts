import type { Advice } from './advice';
import type { PackageCost } from './import-times';
import type { InitSummary } from './summary';

/** What is told about a cold start. */
export interface ColdStartReport {
  readonly name: string;
  readonly handler: string;
  readonly runtime: string;
  /** The zip's SHA-256 in hex. */
  readonly sha256: string;
  readonly runs: number;
  readonly init: InitSummary;
  /** None where the project has no budget. */
  readonly budgetMs?: number;
  /** The costliest first. */
  readonly packages: readonly PackageCost[];
  readonly advice: readonly Advice[];
  /** The page with the flame graph, relative to the workspace root. */
  readonly page: string;
}

const SHOWN_PACKAGES = 12;

/**
 * Writes a report for people.
 *
 * @param report - the report
 * @returns its lines
 */
export function formatColdStart(report: ColdStartReport): readonly string[] {
  const { init, packages, advice, runs, budgetMs } = report;
  return [
    `initialisation: ${ms(init.medianMs)} of CPU time (median of ${runs} fresh processes; ${ms(init.minimumMs)} to ${ms(init.maximumMs)})`,
    `  ${ms(init.interpreterMs)} interpreter, ${ms(init.clientMs)} Lambda's runtime client, ${ms(init.functionMs)} function`,
    budgetMs === undefined
      ? '  no budget: [tool.lambda-py] budgets = { init = "…" } sets one'
      : `  budget: ${ms(budgetMs)}`,
    '',
    'what costs most, by "python -X importtime" (self: its own modules; with all that they import first)',
    ...table(packages.slice(0, SHOWN_PACKAGES)),
    ...(advice.length === 0
      ? []
      : ['', 'what would help', ...advice.map(({ text }) => `- ${text}`)]),
  ];
}

function table(packages: readonly PackageCost[]): string[] {
  const rows = packages.map(({ name, selfMs, cumulativeMs, importer = '' }) => [
    name,
    selfMs.toFixed(1),
    cumulativeMs.toFixed(1),
    importer === '' ? '' : `imported by ${importer}`,
  ]);
  const all = [['package', 'self ms', 'with imports', ''], ...rows];
  const width = Math.max(...all.map(([name = '']) => name.length));
  return all.map(([name = '', self = '', cumulative = '', importer = '']) =>
    `  ${name.padEnd(width)} ${self.padStart(9)} ${cumulative.padStart(13)}  ${importer}`.trimEnd(),
  );
}

/**
 * Writes a duration.
 *
 * @param milliseconds - the duration
 * @returns for instance `345 ms`
 */
export function ms(milliseconds: number): string {
  return `${milliseconds.toFixed(0)} ms`;
}
