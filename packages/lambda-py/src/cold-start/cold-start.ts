import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PreparedFunction } from '../runtime/invoke';
import { LambdaPyError } from '../workspace/errors';
import { packageNameOf } from '../workspace/names';
import type { Service } from '../workspace/service';
import { adviseOnInit } from './advice';
import { renderFlameGraph } from './flame-graph';
import { sumPackages } from './import-times';
import { explainInit, measureInit } from './measure';
import { formatColdStart, ms } from './report';
import type { ColdStartReport } from './report';
import { summarise } from './summary';

/** What is measured. */
export interface ColdStartRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly service: Service;
  readonly prepared: PreparedFunction;
  /** What the artifact's manifest says. */
  readonly manifest: {
    readonly bytecodePython?: string | undefined;
    readonly distributions: readonly {
      readonly name: string;
      readonly local: boolean;
    }[];
  };
  /** How many fresh processes are measured. */
  readonly runs: number;
}

/**
 * Measures the initialisation of a packed function, and draws it.
 *
 * @param request - see {@link ColdStartRequest}
 * @returns what there is to tell; the page is written
 * @throws {@link LambdaPyError} when the function cannot be initialised
 */
export async function reportColdStart({
  workspaceRoot,
  service,
  prepared,
  manifest,
  runs,
}: ColdStartRequest): Promise<ColdStartReport> {
  const { projectName, projectRoot, packageName } = service;
  const times = await measureInit(prepared, runs);
  const ownPackages = [
    ...new Set([
      packageName,
      ...manifest.distributions
        .filter(({ local }) => local)
        .map(({ name }) => packageNameOf(name)),
    ]),
  ];
  const details = await explainInit(prepared, ownPackages);
  const { init: budgetMs } = service.artifact.budgets;
  const report: ColdStartReport = {
    name: projectName,
    handler: prepared.configuration.handler,
    runtime: prepared.configuration.runtime.identifier,
    sha256: prepared.artifact.sha256,
    runs,
    init: summarise(times),
    ...(budgetMs === undefined ? {} : { budgetMs }),
    packages: sumPackages(details.imports),
    advice: adviseOnInit({
      details,
      ownPackages,
      hasBytecode: manifest.bytecodePython !== undefined,
    }),
    page: `reports/${projectRoot}/cold-start.html`,
  };
  const page = join(workspaceRoot, report.page);
  mkdirSync(dirname(page), { recursive: true });
  writeFileSync(
    page,
    renderFlameGraph({
      title: `${projectName}: cold start`,
      lines: formatColdStart(report),
      imports: details.imports,
    }),
  );
  return report;
}

/**
 * Checks a cold start against the budget of its project.
 *
 * @param report - what was measured
 * @param projectRoot - the project's folder
 * @throws {@link LambdaPyError} when it is over its budget
 */
export function requireInitBudget(
  { init, budgetMs, runs, advice, page }: ColdStartReport,
  projectRoot: string,
): void {
  if (budgetMs === undefined || init.medianMs <= budgetMs) return;
  const [first] = advice;
  throw new LambdaPyError({
    file: `${projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] budgets.init',
    problem: 'the initialisation is over its budget',
    found: `${ms(init.medianMs)} of CPU time (median of ${runs} processes)`,
    expected: `at most ${ms(budgetMs)}`,
    mend: `${first === undefined ? 'import less' : first.text}; ${page} shows what costs most`,
  });
}
