import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path/posix';

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
export function gitIgnored(
  workspaceRoot: string,
  folders: readonly string[],
): IsIgnored {
  const { status, stdout } = spawnSync(
    'git',
    [
      ...['ls-files', '-z', '--cached', '--others', '--ignored'],
      ...['--directory', '--exclude-per-directory=.gitignore', '--'],
      ...folders,
    ],
    { cwd: workspaceRoot, encoding: 'utf8', maxBuffer: Infinity },
  );
  if (status !== 0) return () => false;
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
