import type { Tree } from '@nx/devkit';
import { globAsync } from '@nx/devkit';
import { LambdaPyError } from '../../workspace/errors';
import { parsePyproject } from '../../workspace/pyproject';
import type { Pyproject } from '../../workspace/pyproject';

/**
 * Lists every pyproject.toml of the workspace as the tree has it.
 *
 * @param tree - the workspace, pending changes included
 * @returns the files, relative to the workspace root, with `/`
 */
export function pyprojectFiles(tree: Tree): Promise<string[]> {
  return globAsync(tree, ['**/pyproject.toml']);
}

/**
 * Reads every pyproject.toml of the workspace as the tree has it.
 *
 * @param tree - the workspace, pending changes included
 * @returns the files that can be read; a broken one is skipped, its own project tells of it
 */
export async function readPyprojects(
  tree: Tree,
): Promise<readonly Pyproject[]> {
  const files = await pyprojectFiles(tree);
  return files.flatMap((file) => {
    try {
      return [parsePyproject(tree.read(file, 'utf8') ?? '', file)];
    } catch (error) {
      if (error instanceof LambdaPyError) return [];
      throw error;
    }
  });
}
