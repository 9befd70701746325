import type { Tree } from '@nx/devkit';
import type { LockedRequirements } from '../../workspace/locked-requirements';
import { exportRequirements } from '../../workspace/requirements';

/** An export is 22 ms of one core and up, and the memory of a parsed lock file. */
const EXPORTS_AT_ONCE = 4;

/**
 * Exports locked requirements into the tree, several at a time. All of them, or none when one fails.
 *
 * @param tree - the workspace
 * @param outdated - what to export
 * @param cwd - a copy of the workspace that holds its lock file and pyproject files, when it is not the tree's: absolute
 * path
 * @throws {@link LambdaPyError} when uv cannot export, after every export that had been started has ended
 */
export async function exportIntoTree(
  tree: Tree,
  outdated: readonly LockedRequirements[],
  cwd?: string,
): Promise<void> {
  const texts = new Map<string, string>();
  // One queue for all workers.
  const queue = outdated.values();
  const failures: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const requirements of queue) {
      if (failures.length > 0) return;
      try {
        texts.set(
          requirements.file,
          await exportRequirements(tree.root, requirements, cwd),
        );
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: EXPORTS_AT_ONCE }, work));
  if (failures.length > 0) throw failures[0];
  // In the plan's order, whichever was ready first.
  for (const { file } of outdated) tree.write(file, texts.get(file) ?? '');
}
