import picomatch from 'picomatch';
import type { UvWorkspaceTable } from './pyproject';

/** How a folder stands to the globs of `[tool.uv.workspace]`. */
export type Membership = 'member' | 'excluded' | 'outside';

/**
 * Compiles the globs of a uv workspace.
 *
 * @param table - the globs
 * @returns tells of a folder, relative to the workspace root and with `/`, whether it is a member
 */
export function membershipOf({
  members,
  exclude,
}: UvWorkspaceTable): (folder: string) => Membership {
  // uv matches a `*` against hidden folders too.
  const options = { dot: true };
  const isIncluded = picomatch(members.map(trimSlash), options);
  const isExcluded = picomatch(exclude.map(trimSlash), options);
  return (folder) =>
    isExcluded(folder) ? 'excluded' : isIncluded(folder) ? 'member' : 'outside';
}

function trimSlash(glob: string): string {
  return glob.replace(/^\.\//, '').replace(/\/+$/, '');
}
