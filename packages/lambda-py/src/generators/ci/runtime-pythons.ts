import type { Tree } from '@nx/devkit';
import { LambdaPyError } from '../../workspace/errors';
import { describeArtifactProject } from '../../workspace/service';
import { readPyprojects } from '../shared/tree-workspace';

/**
 * The interpreters that packing takes besides the workspace's own.
 *
 * @param tree - the workspace
 * @param own - the minor version of its interpreter, for instance `3.12`
 * @returns minor versions, in order; a broken project is skipped, its own targets tell of it
 */
export async function runtimePythons(
  tree: Tree,
  own: string,
): Promise<readonly string[]> {
  const versions = (await readPyprojects(tree)).flatMap((pyproject) => {
    try {
      const { service, layer } = describeArtifactProject(pyproject);
      const packed = service ?? layer;
      return packed?.artifact.bytecode === true
        ? [packed.runtime.pythonVersion]
        : [];
    } catch (error) {
      if (error instanceof LambdaPyError) return [];
      throw error;
    }
  });
  return [...new Set(versions)]
    .filter((version) => version !== own)
    .sort((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]));
}
