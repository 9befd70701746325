import { runToolSilently, withoutRoot } from '../run-tool';
import { pyrightCommand } from '../typecheck';
import { divideUntilDone } from './divide';
import { projectFinder, separateProjects } from './separate-projects';
import { divideIntoShares, workOnShares } from './shares';

/** Which projects are type-checked together. */
export interface TypecheckTogetherOptions {
  /** Absolute path; its pyrightconfig.json holds the settings. */
  readonly workspaceRoot: string;
  /** Relative to the workspace root. */
  readonly projectRoots: readonly string[];
  /** How many processes of pyright may run at a time. */
  readonly parallel: number;
  /** The longest that pyright may take for one of the projects, in s. */
  readonly timeout: number;
}

/** What pyright says of one project. */
export interface TypecheckReport {
  readonly passed: boolean;
  /** As pyright prints it for the project alone, with paths relative to the workspace. */
  readonly output: string;
}

/** After this long pyright is given up and tried on fewer projects, whatever they allow: in s. */
const LONGEST = 900;

const SUMMARY = /^\d+ errors?, \d+ warnings?, \d+ informations?$/;
const SEVERITY = / - (?<severity>error|warning|information): /;

/**
 * For one process: 20 projects take 12 s of processor time, 100 take 30 s and 630 MB, 200 take 65 s and 1.2 GB (measured
 * with pyright 1.1.414 and generated services).
 */
const LIMITS = { least: 40, most: 100, memory: 1024 ** 3 };

/**
 * Checks the types of many projects with a few processes of pyright, each of which reads once what its projects have in
 * common.
 *
 * @param options - see {@link TypecheckTogetherOptions}
 * @returns what pyright says of each project, once it does; `undefined`, or nothing, where a project has to be checked
 * alone
 */
export function checkTypesTogether({
  workspaceRoot,
  projectRoots,
  parallel,
  timeout,
}: TypecheckTogetherOptions): ReadonlyMap<
  string,
  Promise<TypecheckReport | undefined>
> {
  const { shares, atOnce } = divideIntoShares(
    separateProjects(projectRoots),
    parallel,
    LIMITS,
  );
  const reports = workOnShares(shares, atOnce, (share) =>
    checkShare(workspaceRoot, share, Math.min(timeout, LONGEST) * 1000),
  );
  return new Map(
    shares.flatMap((share, index) =>
      share.map((root) => [
        root,
        Promise.resolve(reports[index]).then((known) => known?.get(root)),
      ]),
    ),
  );
}

function checkShare(
  workspaceRoot: string,
  share: readonly string[],
  limitMs: number,
): Promise<ReadonlyMap<string, TypecheckReport>> {
  return divideUntilDone(share, limitMs, async (projectRoots, timeoutMs) => {
    const [command, ...args] = pyrightCommand(workspaceRoot, projectRoots);
    const { exitCode, stdout, stderr } = await runToolSilently(command, args, {
      workspaceRoot,
      cwd: workspaceRoot,
      timeoutMs,
    });
    // https://microsoft.github.io/pyright/#/command-line?id=pyright-exit-codes
    return [0, 1].includes(exitCode) && stderr === ''
      ? splitReport(stdout, workspaceRoot, projectRoots)
      : undefined;
  });
}

/**
 * Splits what pyright says of many projects: below the path of each file, indented, what it found there.
 *
 * @param stdout - pyright's output
 * @param workspaceRoot - absolute path
 * @param projectRoots - separate projects
 * @returns a report for each project; `undefined` where a line is none that is known
 */
export function splitReport(
  stdout: string,
  workspaceRoot: string,
  projectRoots: readonly string[],
): ReadonlyMap<string, TypecheckReport> | undefined {
  const projectOf = projectFinder(workspaceRoot, projectRoots);
  const lines = new Map<string, string[]>(
    projectRoots.map((root) => [root, []]),
  );
  const text = stdout.split('\n');
  if (text.at(-1) === '') text.pop();
  if (!SUMMARY.test(text.pop() ?? '')) return undefined;
  let current: string[] | undefined;
  for (const line of text) {
    if (!line.startsWith(' ')) current = lines.get(projectOf(line) ?? '');
    if (current === undefined) return undefined;
    current.push(line);
  }
  return new Map(
    [...lines].map(([root, found]) => [root, reportOf(found, workspaceRoot)]),
  );
}

function reportOf(
  lines: readonly string[],
  workspaceRoot: string,
): TypecheckReport {
  const counts = { error: 0, warning: 0, information: 0 };
  for (const line of lines) {
    // The lines that go on with a message are indented further.
    const severity = /^ {2}\S/.test(line)
      ? SEVERITY.exec(line)?.groups?.['severity']
      : undefined;
    if (severity !== undefined) counts[severity as keyof typeof counts] += 1;
  }
  const summary = Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`)
    .join(', ');
  return {
    passed: counts.error === 0,
    output: withoutRoot([...lines, summary, ''].join('\n'), workspaceRoot),
  };
}
