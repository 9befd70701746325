import { dirname, join, relative } from 'node:path/posix';
import { LambdaPyError } from '../workspace/errors';
import { runProcess } from '../workspace/process';
import type { ProcessResult } from '../workspace/process';
import { repositoriesIn, repositoryOn } from './nested-repositories';
import { nxIgnorePatterns } from './nx-ignore';

/** Tells of a path, relative to the workspace root and with `/`, whether it is ignored. */
export type IsIgnored = (path: string) => boolean;

/**
 * What the .gitignore files of the repository, and the `.ignore` and the `.nxignore` at the root of the workspace, keep
 * out of it. Nx does not see these files either, so that an artifact that held one would not be packed anew when it
 * changes, and would differ between two clones.
 *
 * Tracked files that a .gitignore names too are among them: Nx goes by the .gitignore. A user's own settings
 * (`core.excludesFile`, `.git/info/exclude`) are not looked at: the same commit has to be packed alike everywhere.
 *
 * A repository answers for none of the repositories in it, submodules and other clones: each of those is asked itself.
 *
 * @param workspaceRoot - absolute path
 * @param folders - where to look: relative to it, with `/`; all that are of one repository are asked for at once, since
 * each start of git takes milliseconds
 * @returns tells of a path in one of them whether it is ignored; nothing is where there is no git, or no repository
 * @throws {@link LambdaPyError} when git cannot read a repository: what it ignores must not be packed for that
 */
export async function gitIgnored(
  workspaceRoot: string,
  folders: readonly string[],
): Promise<IsIgnored> {
  const ignored = new Set<string>();
  const isIgnored = (path: string): boolean => {
    for (let part = path; part !== '.'; part = dirname(part)) {
      if (ignored.has(part)) return true;
    }
    return false;
  };
  const ask = async (
    repository: string,
    asked: readonly string[],
  ): Promise<void> => {
    const inner = asked.map((folder) => ({
      folder,
      outermost: repositoryOn(workspaceRoot, repository, folder),
    }));
    const listed = await listIgnored(
      workspaceRoot,
      repository,
      inner.map(({ folder, outermost = folder }) => outermost),
    );
    if (listed === 'no git') return;
    for (const path of listed) ignored.add(path);
    const nested = new Map<string, string[]>();
    for (const { folder, outermost } of inner) {
      const found =
        outermost === undefined
          ? repositoriesIn(workspaceRoot, folder, isIgnored)
          : [outermost];
      for (const one of found.filter((path) => !isIgnored(path))) {
        const own = outermost === undefined ? one : folder;
        nested.set(one, [...(nested.get(one) ?? []), own]);
      }
    }
    for (const [one, own] of nested) await ask(one, own);
  };
  await ask('.', folders);
  return ignored.size === 0 ? () => false : isIgnored;
}

/** What a repository ignores: paths relative to the workspace root; none where there is no repository. */
async function listIgnored(
  workspaceRoot: string,
  repository: string,
  folders: readonly string[],
): Promise<readonly string[] | 'no git'> {
  const result = await runGit(
    [
      ...['ls-files', '-z', '--cached', '--others', '--ignored'],
      ...['--directory', '--exclude-per-directory=.gitignore'],
      // git, as Nx, puts what is said so before any .gitignore.
      ...nxIgnorePatterns(workspaceRoot, repository).map(
        (pattern) => `--exclude=${pattern}`,
      ),
      '--',
      ...new Set(folders.map((folder) => relative(repository, folder) || '.')),
    ],
    join(workspaceRoot, repository),
  );
  if (result === undefined) return 'no git';
  const { exitCode, stdout, stderr } = result;
  if (exitCode !== 0) {
    if (stderr.includes(NO_REPOSITORY)) return [];
    throw unreadableError(repository, stderr.trim() || `exit ${exitCode}`);
  }
  return (
    stdout
      .split('\0')
      // A folder that is ignored as a whole ends with "/", and is not listed further.
      .map((path) => path.replace(/\/$/, ''))
      .filter((path) => path !== '')
      .map((path) => join(repository, path))
  );
}

/** What git says where there is none. Of a `.git` that leads nowhere it says "not a git repository: <path>". */
const NO_REPOSITORY = 'not a git repository (or any';

function unreadableError(repository: string, found: string): LambdaPyError {
  const git = repository === '.' ? 'git' : `git -C ${repository}`;
  return new LambdaPyError({
    file: join(repository, '.git'),
    problem:
      'git cannot tell which files it ignores, and none of them may get into an artifact',
    found,
    mend: `mend what "${git} status" says: a damaged index is made anew when it is removed and "${git} reset" run; a .git that leads to no repository is to be removed`,
  });
}

/** How git ended; `undefined` where there is none. */
async function runGit(
  args: readonly string[],
  cwd: string,
): Promise<ProcessResult | undefined> {
  try {
    // A checkout that belongs to another user, as in many containers of CI, is the same repository: without this, git
    // would refuse to look into it, and what it ignores would be packed.
    return await runProcess('git', ['-c', 'safe.directory=*', ...args], {
      cwd,
      env: gitEnvironment(process.env),
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What `git rev-parse --local-env-vars` prints, as of git 2.39. */
const LOCAL_VARIABLES: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_CONFIG',
  'GIT_CONFIG_COUNT',
  'GIT_CONFIG_PARAMETERS',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]);

/**
 * The environment in which git finds the repository of the folder that it runs in, and speaks English.
 *
 * A hook of git hands on the variables that name its own repository, which may be another one.
 *
 * @param env - the environment of this process
 * @returns it without the variables that name a repository
 */
export function gitEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(
      // Windows does not tell upper case from lower case.
      Object.entries(env).filter(
        ([name]) => !LOCAL_VARIABLES.has(name.toUpperCase()),
      ),
    ),
    // The first wins over LC_ALL, even over C.UTF-8; where this process sets no locale, the second counts.
    LANGUAGE: 'C',
    LC_ALL: 'C',
  };
}
