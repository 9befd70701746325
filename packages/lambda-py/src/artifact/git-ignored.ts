import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path/posix';

/**
 * What the .gitignore files of the repository keep out of it. Nx does not see these files either, so that an artifact
 * that held one would not be packed anew when it changes, and would differ between two clones.
 *
 * Tracked files that a .gitignore names too are among them: Nx goes by the .gitignore. A user's own settings
 * (`core.excludesFile`, `.git/info/exclude`) are not looked at: the same commit has to be packed alike everywhere.
 *
 * @param workspaceRoot - absolute path
 * @param folder - relative to it, with `/`
 * @returns tells of a path, relative to the workspace root and with `/`, whether it is ignored; nothing is where there is
 * no git, or no repository
 */
export function gitIgnored(
  workspaceRoot: string,
  folder: string,
): (path: string) => boolean {
  const { status, stdout } = spawnSync(
    'git',
    [
      ...['ls-files', '-z', '--cached', '--others', '--ignored'],
      ...['--directory', '--exclude-per-directory=.gitignore', '--', folder],
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
