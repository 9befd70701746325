import type { GeneratorCallback, Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import { syncEnvironment } from '../../toolchain/environment';
import { LambdaPyError } from '../../workspace/errors';
import { uvCommandLine } from '../../workspace/uv';
import { lockTree } from './lock-tree';

/**
 * The last step of every generator: locks the workspace in the tree, and installs once the tree is written.
 *
 * @param tree - the workspace
 * @param skipLock - leaves both to the user
 * @returns what Nx runs after it has written the tree
 */
export async function lockAndInstall(
  tree: Tree,
  skipLock: boolean,
): Promise<GeneratorCallback> {
  if (skipLock) {
    return () => {
      logger.info('The workspace is not locked: run "uv lock && nx sync".');
    };
  }
  await lockTree(tree);
  return async () => {
    const { exitCode, stderr } = await syncEnvironment(tree.root, ['--locked']);
    if (exitCode === 0) return;
    throw new LambdaPyError({
      problem:
        'the files are written, but uv could not install the environment',
      found: stderr.trim(),
      mend: await uvCommandLine(tree.root, 'sync --all-packages'),
    });
  };
}
