import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeCacheFolder } from '../workspace/cache-folder';
import { isAbandoned, OWN_MARK } from './process-mark';

/**
 * Gives a temporary folder to some work and removes it afterwards, however the work ends.
 *
 * It is in the workspace's cache and not in the system's temporary folder, which may be small and on another file
 * system than the caches.
 *
 * @param workspaceRoot - absolute path
 * @param work - takes the folder's absolute path
 * @returns what the work returns
 */
export async function inWorkFolder<Result>(
  workspaceRoot: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const parent = makeCacheFolder(workspaceRoot, 'work');
  removeLeftovers(parent);
  const folder = mkdtempSync(join(parent, `${OWN_MARK}-`));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (isAbandoned(name.split('-').slice(0, 2).join('-'))) {
      rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}
