import { existsSync } from 'node:fs';
import { join } from 'node:path/posix';
import { LambdaPyError } from '../workspace/errors';
import { LOCK_FILE } from '../workspace/lock-text';
import type { UvWorkspaceTable } from '../workspace/pyproject';

/**
 * A workspace that is not locked yet, or whose lock file went.
 *
 * @param workspaceRoot - absolute path
 * @returns the problem, if there is one
 */
export function missingLock(workspaceRoot: string): readonly LambdaPyError[] {
  if (existsSync(join(workspaceRoot, LOCK_FILE))) return [];
  return [
    new LambdaPyError({
      file: LOCK_FILE,
      problem: 'the lock file is missing',
      mend: 'uv lock && nx sync',
    }),
  ];
}

/**
 * The members that the root's pyproject.toml names without a wildcard and that are not there: uv refuses to lock then.
 *
 * @param table - the globs
 * @param files - every pyproject.toml of the repository, relative to the workspace root, with `/`
 * @returns a problem for each
 */
export function absentMembers(
  { members }: UvWorkspaceTable,
  files: readonly string[],
): readonly LambdaPyError[] {
  return members
    .map((member) => member.replace(/^\.\//, '').replace(/\/+$/, ''))
    .filter((member) => !/[*?[{]/.test(member))
    .filter((member) => !files.includes(join(member, 'pyproject.toml')))
    .map(
      (member) =>
        new LambdaPyError({
          file: 'pyproject.toml',
          location: 'tool.uv.workspace.members',
          problem: 'a member of the workspace does not exist',
          found: `"${member}", which has no pyproject.toml`,
          mend: `remove "${member}" from the members, or add ${member}/pyproject.toml`,
        }),
    );
}

/**
 * Two projects of one name, of which only the first can be a project of Nx.
 *
 * @param file - the second one's pyproject.toml
 * @param name - the PEP 503 name
 * @param firstRoot - the first one's folder
 * @returns the problem
 */
export function sameName(
  file: string,
  name: string,
  firstRoot: string,
): LambdaPyError {
  return new LambdaPyError({
    file,
    location: '[project] name',
    problem: 'two projects have the same name: this one is left out',
    found: `"${name}", which ${firstRoot}/pyproject.toml has too`,
    expected: 'a name of its own (PEP 503: "-", "_" and "." are the same)',
    mend: `edit ${file}`,
  });
}
