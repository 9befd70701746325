import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import { readTextIfPresent } from '../workspace/text-file';
import { cleanReports } from './clean-reports';
import { judgeCoverage } from './coverage-gate';
import type { CoverageThresholds } from './coverage-gate';
import { explainEnd } from './explain-end';
import type { PytestEnd, PytestLauncher } from './pytest/launcher';

/** What is tested, and which gates it must pass. */
export interface TestOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The project's folder, relative to the workspace root. */
  readonly projectRoot: string;
  /** Where the reports go, relative to the workspace root. */
  readonly reportsFolder: string;
  readonly thresholds: CoverageThresholds;
  /** pytest's `-k`: only the tests that match run, and coverage is not judged. */
  readonly keyword?: string;
  /** Further arguments for pytest. */
  readonly args: readonly string[];
  /** After how many seconds pytest is stopped. */
  readonly timeout: number;
  /** The environment that the tests are run in; this process's when left out. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a project's tests and holds their coverage to the gates.
 *
 * Writes `coverage.json`, `lcov.info` and `junit.xml`.
 *
 * @param launch - runs pytest
 * @param options - what to test
 * @param print - takes the verdict
 * @returns true when every test passed and both gates did
 * @throws {@link LambdaPyError} when there is no coverage to judge
 */
export async function runTests(
  launch: PytestLauncher,
  options: TestOptions,
  print: (message: string) => void,
): Promise<boolean> {
  const reports = join(options.workspaceRoot, options.reportsFolder);
  mkdirSync(reports, { recursive: true });
  // These alone: the folder may hold the reports of projects in folders below this one's.
  for (const report of REPORTS) rmSync(join(reports, report), { force: true });
  const coverage = join(reports, 'coverage.json');
  const end = await launch({
    args: [
      '--cov',
      '--cov-branch',
      '--cov-report=term-missing:skip-covered',
      `--cov-report=json:${coverage}`,
      `--cov-report=lcov:${join(reports, 'lcov.info')}`,
      `--junitxml=${join(reports, 'junit.xml')}`,
      ...(options.keyword === undefined ? [] : ['-k', options.keyword]),
      ...options.args,
    ],
    // pytest and coverage read the project's own pyproject.toml there.
    cwd: join(options.workspaceRoot, options.projectRoot),
    env: {
      ...(options.env ?? process.env),
      COVERAGE_FILE: join(reports, '.coverage'),
    },
    timeout: options.timeout,
  });
  const { exitCode } = end;
  rmSync(join(reports, '.coverage'), { force: true });
  cleanReports(reports);
  explainEnd('pytest', end, { seconds: options.timeout, option: 'timeout' });
  if (endedEarly(end, existsSync(join(reports, 'junit.xml')))) {
    print(
      `pytest did not come to its end: a test, or what it calls, ended the process with status ${exitCode}`,
    );
    return false;
  }
  if (exitCode !== 0) {
    if (exitCode === NO_TESTS_COLLECTED) print('pytest found no test to run');
    return false;
  }
  if (options.keyword !== undefined) {
    print('coverage is not judged: only some of the tests ran');
    return true;
  }
  const report = readTextIfPresent(coverage);
  if (report === undefined) {
    throw new LambdaPyError({
      problem: 'pytest wrote no coverage report, so coverage cannot be judged',
      expected: `${options.reportsFolder}/coverage.json`,
      mend: 'run pytest without "--no-cov" and with the plugin pytest-cov',
    });
  }
  const verdict = judgeCoverage(JSON.parse(report), options.thresholds);
  print(verdict.message);
  return verdict.passed;
}

/** Whatever its status: `os._exit(0)` is no success. Where pytest is used wrongly, it says so, and writes no report. */
function endedEarly(
  { exitCode, signal, timedOut, printedTooMuch }: PytestEnd,
  hasReport: boolean,
): boolean {
  return (
    !hasReport &&
    signal === undefined &&
    !timedOut &&
    !printedTooMuch &&
    exitCode !== USAGE_ERROR
  );
}

const REPORTS = ['coverage.json', 'lcov.info', 'junit.xml'];

// https://docs.pytest.org/en/stable/reference/exit-codes.html
const NO_TESTS_COLLECTED = 5;
const USAGE_ERROR = 4;
