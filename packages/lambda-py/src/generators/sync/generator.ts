import type { Tree } from '@nx/devkit';
import { LOCK_FILE, parseLockFile } from '../../workspace/lock-file';
import { exportRequirements } from '../../workspace/requirements';
import { outdatedRequirements } from '../shared/requirements-plan';

/**
 * Makes the locked requirements true to uv.lock: `requirements.txt` of every member and the root's
 * `requirements-dev.txt`. Only those whose part of the lock file changed are exported.
 *
 * @param tree - the workspace
 * @returns what to tell the user when something was out of sync
 */
export default async function syncGenerator(
  tree: Tree,
): Promise<{ outOfSyncMessage?: string }> {
  const text = tree.read(LOCK_FILE, 'utf8');
  if (text === null) return {};
  const outdated = outdatedRequirements(
    parseLockFile(text),
    (file) => tree.read(file, 'utf8') ?? undefined,
  );
  for (const requirements of outdated) {
    tree.write(
      requirements.file,
      await exportRequirements(tree.root, requirements),
    );
  }
  return outdated.length === 0
    ? {}
    : {
        outOfSyncMessage: `${outdated.length} locked requirements are not what ${LOCK_FILE} says: ${outdated
          .map(({ file }) => file)
          .join(', ')}`,
      };
}
