import type { Tree } from '@nx/devkit';
import { LOCK_FILE } from '../../workspace/lock-text';
import type * as exporting from '../shared/export-requirements';
import { outdatedRequirements } from '../shared/requirements-plan';

/**
 * Makes the locked requirements true to uv.lock: `requirements.txt` of every member and the root's
 * `requirements-dev.txt`. Only those whose part of the lock file changed are exported.
 *
 * Nx runs it before most tasks. When nothing changed, it costs the hash of uv.lock, whose summary is kept, and of the
 * requirements.
 *
 * @param tree - the workspace
 * @returns what to tell the user when something was out of sync
 */
export default async function syncGenerator(
  tree: Tree,
): Promise<{ outOfSyncMessage?: string }> {
  const text = tree.read(LOCK_FILE, 'utf8');
  if (text === null) return {};
  const outdated = outdatedRequirements(text, tree);
  if (outdated.length === 0) return {};
  await exporter().exportIntoTree(tree, outdated);
  return {
    outOfSyncMessage: `${outdated.length} locked requirements are not what ${LOCK_FILE} says: ${outdated
      .map(({ file }) => file)
      .join(', ')}`,
  };
}

/** Loaded only when there is something to export, which in most runs there is not. */
function exporter(): typeof exporting {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('../shared/export-requirements') as typeof exporting;
}
