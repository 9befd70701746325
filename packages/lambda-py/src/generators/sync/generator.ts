import type { Tree } from '@nx/devkit';
import { LOCK_FILE } from '../../workspace/lock-text';
import { outdatedRequirements } from '../shared/requirements-plan';
import type * as outOfSync from './out-of-sync';

/**
 * Makes the locked requirements true to uv.lock: `requirements.txt` of every member and the root's
 * `requirements-dev.txt`. Only those whose part of the lock file changed are exported.
 *
 * Nx runs it before tasks whose targets name it (decision 49), and in `nx sync`. When nothing changed, it costs the hash
 * of uv.lock, whose summary is kept, and of the requirements. Where the workspace uses pip-tools, a `requirements.in`
 * beside each of them is kept in step, at the same cost.
 *
 * @param tree - the workspace
 * @returns what to tell the user when something was out of sync, and what Nx does once it is written
 */
export default async function syncGenerator(
  tree: Tree,
): Promise<{ outOfSyncMessage?: string; callback?: () => Promise<void> }> {
  const text = tree.read(LOCK_FILE, 'utf8');
  if (text === null) return {};
  const outdated = outdatedRequirements(text, tree);
  const { locked, direct } = outdated;
  if (locked.length + direct.length === 0) return {};
  const { restoreToolchain, writeRequirements } = mending();
  await writeRequirements(tree, outdated);
  return {
    outOfSyncMessage: [
      describe('locked requirements', locked),
      describe('direct requirements', direct),
    ]
      .filter((sentence) => sentence !== undefined)
      .join('; '),
    // "uv remove --package" has brought both about: a stale file, and an environment without tools.
    callback: () => restoreToolchain(tree.root),
  };
}

function describe(
  what: string,
  files: readonly { readonly file: string }[],
): string | undefined {
  if (files.length === 0) return undefined;
  const names = files.map(({ file }) => file).join(', ');
  return `${files.length} ${what} are not what ${LOCK_FILE} says: ${names}`;
}

/** Loaded only when there is something to write, which in most runs there is not. */
function mending(): typeof outOfSync {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./out-of-sync') as typeof outOfSync;
}
