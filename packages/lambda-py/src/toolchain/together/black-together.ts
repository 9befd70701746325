import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dirname } from 'node:path/posix';
import { readTextIfPresent } from '../../workspace/text-file';
import { parseToml } from '../../workspace/toml';
import { runToolSilently } from '../run-tool';
import { projectFinder } from './separate-projects';

const CLEAN =
  /^(?<file>.+?)(?: already well formatted, good job\.| wasn't modified on disk since last run\.)$/;
const FINDING = /^(?:would reformat |error: )/;

/** What black is run on. */
export interface BlackOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** Separate projects, each of which {@link takesRootSettings}. */
  readonly projectRoots: readonly string[];
  /** How many processes black may start. */
  readonly workers: number;
  /** After how many ms it is given up. */
  readonly timeoutMs: number;
}

/**
 * Has one black look at many projects.
 *
 * @param black - the executable
 * @param options - see {@link BlackOptions}
 * @returns how many files each project has in which there is nothing to format; a project is left out where there is
 * something, or no file; `undefined` where black ended in a way that tells nothing
 */
export async function countFormatted(
  black: string,
  { workspaceRoot, projectRoots, workers, timeoutMs }: BlackOptions,
): Promise<ReadonlyMap<string, number> | undefined> {
  const { exitCode, stderr } = await runToolSilently(
    black,
    [
      ...['--check', '--verbose', '--workers', String(workers), '--'],
      ...projectRoots,
    ],
    { workspaceRoot, cwd: workspaceRoot, timeoutMs },
  );
  // https://black.readthedocs.io/en/stable/usage_and_configuration/the_basics.html: 123 is an error in some file.
  if (![0, 1, 123].includes(exitCode)) return undefined;
  const projectOf = projectFinder(workspaceRoot, projectRoots);
  const counts = new Map<string, number>();
  const found = new Set<string>();
  // On Windows black ends lines and writes paths as Windows does.
  for (const line of stderr.replaceAll('\\', '/').split(/\r?\n/)) {
    const file = CLEAN.exec(line)?.groups?.['file'];
    if (file !== undefined) {
      const project = projectOf(file);
      if (project === undefined) return undefined;
      counts.set(project, (counts.get(project) ?? 0) + 1);
    } else if (FINDING.test(line)) {
      const mentioned = projectRoots.filter((root) =>
        line.includes(`${root}/`),
      );
      if (mentioned.length === 0) return undefined;
      for (const project of mentioned) found.add(project);
    }
  }
  for (const project of found) counts.delete(project);
  return counts;
}

/**
 * What black prints of a project in which there is nothing to format.
 *
 * @param files - how many files it has
 * @param isCheck - whether black only checks
 * @returns what goes to stderr
 */
export function formattedReport(files: number, isCheck: boolean): string {
  const unchanged = isCheck ? 'would be left unchanged' : 'left unchanged';
  return `All done! ✨ 🍰 ✨\n${files} file${files === 1 ? '' : 's'} ${unchanged}.\n`;
}

/**
 * Tells whether black takes the settings of the workspace's root for a project, as it does for many projects together:
 * not where a folder on the way has settings of its own, or is a repository. Settings of how much black prints make it
 * print otherwise.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoot - relative to it
 * @returns false where the project has to be looked at alone
 */
export function takesRootSettings(
  workspaceRoot: string,
  projectRoot: string,
): boolean {
  for (let folder = projectRoot; folder !== '.'; folder = dirname(folder)) {
    const path = join(workspaceRoot, folder);
    if (
      ['.git', '.hg'].some((name) => existsSync(join(path, name))) ||
      blackTable(path) !== undefined
    ) {
      return false;
    }
  }
  const { quiet, verbose } = blackTable(workspaceRoot) ?? {};
  return quiet === undefined && verbose === undefined;
}

function blackTable(folder: string): Record<string, unknown> | undefined {
  const text = readTextIfPresent(join(folder, 'pyproject.toml'));
  if (text === undefined) return undefined;
  const { tool } = parseToml(text, 'pyproject.toml');
  return (tool as Record<string, Record<string, unknown>> | undefined)?.[
    'black'
  ];
}
