import { dirname } from 'node:path/posix';
import { runProcess } from '../workspace/process';

/** Tells of a path, relative to the workspace root and with `/`, whether it is ignored. */
export type IsIgnored = (path: string) => boolean;

/**
 * What the .gitignore files of the repository keep out of it. Nx does not see these files either, so that an artifact
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
      ...['--directory', '--exclude-per-directory=.gitignore', '--'],
      ...folders,
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
