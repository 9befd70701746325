import type { Tree } from '@nx/devkit';
import { globAsync } from '@nx/devkit';
import picomatch from 'picomatch';
import { LambdaPyError } from '../../workspace/errors';
import { parsePyproject } from '../../workspace/pyproject';
import type { Pyproject } from '../../workspace/pyproject';

/**
 * Reads every pyproject.toml of the workspace as the tree has it.
 *
 * @param tree - the workspace, pending changes included
 * @returns the files that can be read; a broken one is skipped, its own project tells of it
 */
export async function readPyprojects(
  tree: Tree,
): Promise<readonly Pyproject[]> {
  const files = await globAsync(tree, ['**/pyproject.toml']);
  return files.flatMap((file) => {
    try {
      return [parsePyproject(tree.read(file, 'utf8') ?? '', file)];
    } catch (error) {
      if (error instanceof LambdaPyError) return [];
      throw error;
    }
  });
}

/**
 * Tells whether the workspace's globs make a folder a member.
 *
 * @param root - the root's pyproject.toml
 * @param folder - the folder, relative to the workspace root, with `/`
 * @returns true when a glob of the members matches it
 */
export function isMemberFolder(root: Pyproject, folder: string): boolean {
  return picomatch.isMatch(folder, [...(root.uvWorkspace?.members ?? [])], {
    dot: true,
  });
}
