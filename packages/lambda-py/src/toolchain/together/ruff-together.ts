import { v } from '../../workspace/validation';
import { jsonOf } from '../../workspace/json';
import { PYTHON_ALONE } from '../lint';
import { runToolSilently } from '../run-tool';
import { projectFinder } from './separate-projects';

const findingsSchema = v.array(v.object({ filename: v.string() }));

/** A line of ruff's log, and one that names a file that it formats. */
const LOGGED = /^\[[^\]]+\]\[[^\]]+\]\[[^\]]+\]\[(?:DEBUG|TRACE|INFO)\] /;
const FORMATTED = /\] format_path; path=(.+)$/;

/** What ruff is run on. */
export interface RuffOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** Separate projects. */
  readonly projectRoots: readonly string[];
  /** After how many ms it is given up. */
  readonly timeoutMs: number;
}

/**
 * Has one ruff look at many projects.
 *
 * @param ruff - the executable
 * @param args - as for one project: `check`, and what follows it
 * @param options - see {@link RuffOptions}
 * @returns how many files each project has in which ruff finds nothing; a project is left out where it finds something,
 * or has no file; `undefined` where ruff ended in a way that tells nothing
 */
export async function countClean(
  ruff: string,
  args: readonly string[],
  options: RuffOptions,
): Promise<ReadonlyMap<string, number> | undefined> {
  const checks = args.filter((argument) => argument !== '--fix');
  const [listed, checked] = await Promise.all([
    runRuff(ruff, [...checks, '--show-files'], options),
    runRuff(ruff, [...checks, '--no-fix', '--output-format=json'], options),
  ]);
  if (listed?.exitCode !== 0 || checked === undefined) return undefined;
  const findings = parseFindings(checked.stdout);
  if (findings === undefined) return undefined;
  const files = listed.stdout.split('\n').filter((line) => line !== '');
  return countByProject(files, findings, options);
}

/**
 * What ruff prints where it has nothing to say: the same of one project as of many.
 *
 * @param ruff - the executable
 * @param args - as for one project
 * @param options - projects in which there is nothing to find
 * @returns what goes to stdout; `undefined` where ruff has something to say after all
 */
export async function cleanReport(
  ruff: string,
  args: readonly string[],
  options: RuffOptions,
): Promise<string | undefined> {
  const result = await runRuff(ruff, args, options);
  return result?.exitCode === 0 ? result.stdout : undefined;
}

/**
 * Has one `ruff format` look at many projects. Which files it formats only its log tells.
 *
 * @param ruff - the executable
 * @param options - see {@link RuffOptions}
 * @returns how many files each project has in which there is nothing to format; a project is left out where there is
 * something, or no file. Nobody is in it where ruff does not tell what it should. `undefined` where ruff ended in a way
 * that tells nothing
 */
export async function countRuffFormatted(
  ruff: string,
  options: RuffOptions,
): Promise<ReadonlyMap<string, number> | undefined> {
  const { workspaceRoot, projectRoots, timeoutMs } = options;
  const { exitCode, stdout, stderr } = await runToolSilently(
    ruff,
    [
      ...['format', '--check', '--verbose', '--output-format=json'],
      ...[...PYTHON_ALONE, '--', ...projectRoots],
    ],
    { workspaceRoot, cwd: workspaceRoot, timeoutMs },
  );
  if (![0, 1].includes(exitCode)) return undefined;
  const lines = stderr.split('\n').filter((line) => line !== '');
  const files = lines.flatMap((line) => FORMATTED.exec(line)?.[1] ?? []);
  const unformatted = parseFindings(stdout.trim() === '' ? '[]' : stdout);
  if (
    unformatted === undefined ||
    (exitCode === 1) !== unformatted.length > 0 ||
    !lines.every((line) => LOGGED.test(line)) ||
    !lines.some((line) => line.includes(` Formatted ${files.length} file`))
  ) {
    return new Map();
  }
  return countByProject(files, unformatted, options) ?? new Map();
}

/** Ruff's warnings do not tell which project they are about. */
async function runRuff(
  ruff: string,
  args: readonly string[],
  { workspaceRoot, projectRoots, timeoutMs }: RuffOptions,
): Promise<{ exitCode: number; stdout: string } | undefined> {
  const { exitCode, stdout, stderr } = await runToolSilently(
    ruff,
    [...args, '--', ...projectRoots],
    { workspaceRoot, cwd: workspaceRoot, timeoutMs },
  );
  return [0, 1].includes(exitCode) && stderr === ''
    ? { exitCode, stdout }
    : undefined;
}

function countByProject(
  files: readonly string[],
  findings: readonly string[],
  { workspaceRoot, projectRoots }: RuffOptions,
): ReadonlyMap<string, number> | undefined {
  const projectOf = projectFinder(workspaceRoot, projectRoots);
  const counts = new Map<string, number>();
  for (const file of files) {
    const project = projectOf(file);
    if (project === undefined) return undefined;
    counts.set(project, (counts.get(project) ?? 0) + 1);
  }
  for (const file of findings) {
    const project = projectOf(file);
    if (project === undefined) return undefined;
    counts.delete(project);
  }
  return counts;
}

function parseFindings(text: string): readonly string[] | undefined {
  return jsonOf(text, findingsSchema)?.map(({ filename }) => filename);
}
