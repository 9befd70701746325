import type { Tree } from '@nx/devkit';
import { visitNotIgnoredFiles } from '@nx/devkit';
import { LambdaPyError } from '../../workspace/errors';

/**
 * Refuses a project that a `.gitignore` or the root's `.nxignore` names: it would be a member for uv, and nothing for
 * git and for Nx.
 *
 * @param tree - the workspace, the project's pyproject.toml included
 * @param projectRoot - the project's folder, relative to the workspace root, with `/`
 * @throws {@link LambdaPyError} when Nx does not see the project
 */
export function refuseIgnoredFolder(tree: Tree, projectRoot: string): void {
  const file = `${projectRoot}/pyproject.toml`;
  const seen = new Set<string>();
  visitNotIgnoredFiles(tree, projectRoot, (path) => {
    seen.add(path);
  });
  if (seen.has(file)) return;
  throw new LambdaPyError({
    location: '--directory',
    problem: 'the folder is ignored, so that neither git nor Nx would see it',
    found: projectRoot,
    mend: `choose another name or --directory, or edit .gitignore or .nxignore ("git check-ignore --verbose ${file}" shows the line)`,
  });
}
