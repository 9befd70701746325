import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCacheFolder } from '../workspace/cache-folder';
import { isDiskError, isOutOfSpace } from './disk-error';
import { isAbandoned, OWN_MARK } from './process-mark';

/**
 * Gives a temporary folder to some work and removes it afterwards, however the work ends.
 *
 * It is in the workspace's cache and not in the system's temporary folder, which may be small and on another file
 * system than the caches; but where the cache cannot be written to, or has no space left for the work, the work is done
 * there.
 *
 * @param workspaceRoot - absolute path
 * @param work - takes the folder's absolute path; it may be done a second time, in another folder
 * @returns what the work returns
 */
export async function inWorkFolder<Result>(
  workspaceRoot: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = makeWorkFolder(workspaceRoot);
  if (folder !== undefined) {
    try {
      return await inFolder(folder, work);
    } catch (error) {
      if (!isOutOfSpace(error)) throw error;
    }
  }
  return inFolder(mkdtempSync(join(tmpdir(), 'lambda-py-work-')), work);
}

async function inFolder<Result>(
  folder: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  try {
    // hatchling goes by the first .gitignore above a project: that of the cache ignores everything.
    writeFileSync(join(folder, '.gitignore'), '');
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeWorkFolder(workspaceRoot: string): string | undefined {
  try {
    const parent = makeCacheFolder(workspaceRoot, 'work');
    removeLeftovers(parent);
    return mkdtempSync(join(parent, `${OWN_MARK}-`));
  } catch (error) {
    if (!isDiskError(error)) throw error;
    return undefined;
  }
}

function removeLeftovers(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (!isAbandoned(name.split('-').slice(0, 2).join('-'))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // A tool that the killed process had started may still write there. The next run tries again.
    }
  }
}
