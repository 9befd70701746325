import { existsSync } from 'node:fs';
import { dirname as folderAbove, join, relative, sep } from 'node:path';
import { dirname } from 'node:path/posix';
import { runProcess } from '../workspace/process';
import { readTextIfPresent } from '../workspace/text-file';

/** Tells of a path, relative to the workspace root and with `/`, whether it is ignored. */
export type IsIgnored = (path: string) => boolean;

/** What Nx ignores beyond what git does, and may say of what git ignores that it sees it. */
const NX_IGNORE = '.nxignore';

/**
 * What the .gitignore files of the repository, and the `.nxignore` at the root of the workspace, keep out of it. Nx does not see these files either, so that an artifact
 * that held one would not be packed anew when it changes, and would differ between two clones.
 *
 * Tracked files that a .gitignore names too are among them: Nx goes by the .gitignore. A user's own settings
 * (`core.excludesFile`, `.git/info/exclude`) are not looked at: the same commit has to be packed alike everywhere.
 *
 * @param workspaceRoot - absolute path
 * @param folders - where to look: relative to it, with `/`; all are asked for at once, since each start of git takes
 * milliseconds
 * @returns tells of a path in one of them whether it is ignored; nothing is where there is no git, or no repository
 */
export async function gitIgnored(
  workspaceRoot: string,
  folders: readonly string[],
): Promise<IsIgnored> {
  const stdout = await runGit(
    [
      ...['ls-files', '-z', '--cached', '--others', '--ignored'],
      ...['--directory', '--exclude-per-directory=.gitignore'],
      // git, as Nx, puts what is said so before any .gitignore.
      ...nxIgnorePatterns(workspaceRoot).map((one) => `--exclude=${one}`),
      ...['--', ...folders],
    ],
    workspaceRoot,
  );
  if (stdout === undefined) return () => false;
  // A folder that is ignored as a whole ends with "/", and is not listed further.
  const ignored = new Set(
    stdout.split('\0').map((path) => path.replace(/\/$/, '')),
  );
  ignored.delete('');
  if (ignored.size === 0) return () => false;
  return (path) => {
    for (let part = path; part !== '.'; part = dirname(part)) {
      if (ignored.has(part)) return true;
    }
    return false;
  };
}

/** The patterns of `.nxignore` as git takes them in an argument: those with a folder from the top of the repository. */
function nxIgnorePatterns(workspaceRoot: string): readonly string[] {
  const text = readTextIfPresent(join(workspaceRoot, NX_IGNORE)) ?? '';
  const patterns = ignorePatterns(text);
  return patterns.length === 0
    ? []
    : patterns.map((one) => anchored(one, pathInRepository(workspaceRoot)));
}

/**
 * The patterns of an ignore file, without comments and what stands at the end of lines by mistake.
 *
 * @param text - its content
 * @returns one for each line that has any: https://git-scm.com/docs/gitignore#_pattern_format
 */
export function ignorePatterns(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/(?<!\\)[ \t]+$/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** A pattern with a `/` but at its end is one from the folder of its file. */
function anchored(pattern: string, prefix: string): string {
  const [, negation = '', path = ''] = /^(!?)(.*)$/.exec(pattern) ?? [];
  return prefix === '' || !/\/./.test(path)
    ? pattern
    : `${negation}/${prefix}/${path.replace(/^\//, '')}`;
}

/** Where the workspace stands in its repository: the empty text for the top. To ask git would be a second start of it. */
function pathInRepository(workspaceRoot: string): string {
  let folder = workspaceRoot;
  while (!existsSync(join(folder, '.git'))) {
    const above = folderAbove(folder);
    if (above === folder) return '';
    folder = above;
  }
  return relative(folder, workspaceRoot).replaceAll(sep, '/');
}

/** What git prints; `undefined` where there is no git, or no repository. */
async function runGit(
  args: readonly string[],
  cwd: string,
): Promise<string | undefined> {
  try {
    // A checkout that belongs to another user, as in many containers of CI, is the same repository: without this, git
    // would refuse to look into it, and what it ignores would be packed.
    const { exitCode, stdout } = await runProcess(
      'git',
      ['-c', 'safe.directory=*', ...args],
      { cwd },
    );
    return exitCode === 0 ? stdout : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
