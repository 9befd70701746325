import type { PythonEnvironment } from '../environment';
import { lintCommands } from '../lint';
import type { Formatter, LintWork } from '../lint';
import {
  countFormatted,
  formattedReport,
  takesRootSettings,
} from './black-together';
import { divideUntilDone } from './divide';
import { cleanReport, countClean, countRuffFormatted } from './ruff-together';
import { separateProjects } from './separate-projects';

/** Which projects are linted or formatted together. */
export interface LintTogetherOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** Relative to the workspace root. */
  readonly projectRoots: readonly string[];
  readonly formatter: Formatter;
  readonly work: LintWork;
  /** How many processes a tool may start. */
  readonly parallel: number;
  /** The longest that a tool may take for one of the projects, in s. */
  readonly timeout: number;
}

/** What the tools print of a project in which they find nothing. */
export interface CleanReport {
  readonly stdout: string;
  readonly stderr: string;
}

/** After this long a tool is given up and tried on fewer projects, whatever they allow: in s. */
const LONGEST = 300;

/**
 * Finds the projects in which there is nothing to mend, with one process of each tool for all of them, which change
 * nothing. What is to be said of any other project, its own run says.
 *
 * @param environment - holds the tools
 * @param options - see {@link LintTogetherOptions}
 * @returns what the tools print of each clean project when they run on it alone; a project that is left out has to be
 * run alone
 */
export async function findCleanProjects(
  environment: PythonEnvironment,
  options: LintTogetherOptions,
): Promise<ReadonlyMap<string, CleanReport>> {
  const { workspaceRoot, formatter } = options;
  const projectRoots = separateProjects(options.projectRoots).filter(
    (root) => formatter !== 'black' || takesRootSettings(workspaceRoot, root),
  );
  return divideUntilDone(
    projectRoots,
    Math.min(options.timeout, LONGEST) * 1000,
    (roots, limitMs) =>
      findClean(environment, { ...options, projectRoots: roots }, limitMs),
  );
}

async function findClean(
  environment: PythonEnvironment,
  {
    workspaceRoot,
    projectRoots,
    formatter,
    work,
    parallel,
  }: LintTogetherOptions,
  timeoutMs: number,
): Promise<ReadonlyMap<string, CleanReport> | undefined> {
  const ruff = environment.executable('ruff');
  const [, ...args] = lintCommands(work, formatter)[0];
  const options = { workspaceRoot, projectRoots, timeoutMs };
  const linted = await countClean(ruff, args, options);
  if (linted === undefined) return undefined;
  if (linted.size === 0) return new Map();
  const clean = { ...options, projectRoots: [...linted.keys()] };
  const isCheck = work === 'check';
  const [stdout, formatted] = await Promise.all([
    // One speaks for all: ruff says the same of each.
    cleanReport(ruff, args, {
      ...clean,
      projectRoots: clean.projectRoots.slice(0, 1),
    }),
    formatter === 'black'
      ? countFormatted(environment.executable('black'), {
          ...clean,
          workers: parallel,
        })
      : countRuffFormatted(ruff, clean),
  ]);
  if (stdout === undefined || formatted === undefined) return undefined;
  return new Map(
    [...formatted].map(([root, files]) => [
      root,
      formatter === 'black'
        ? { stdout, stderr: formattedReport(files, isCheck) }
        : { stdout: stdout + ruffReport(files, isCheck), stderr: '' },
    ]),
  );
}

function ruffReport(files: number, isCheck: boolean): string {
  return `${files} file${files === 1 ? '' : 's'} ${isCheck ? 'already formatted' : 'left unchanged'}\n`;
}
