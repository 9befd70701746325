import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder';

/** The workspace's cache folder, relative to its root. Beside Nx's own, but `nx reset` leaves it. */
export const CACHE_FOLDER = '.nx/lambda-py';

/**
 * Makes a folder in the workspace's cache. Everything in the cache can be deleted at any time.
 *
 * @param workspaceRoot - absolute path
 * @param segments - the path within the cache
 * @returns the folder's absolute path
 */
export function makeCacheFolder(
  workspaceRoot: string,
  ...segments: readonly string[]
): string {
  const cache = join(workspaceRoot, CACHE_FOLDER);
  makeFolder(cache);
  // The folder ignores itself, so that it is never committed, hashed or watched.
  const ignore = join(cache, '.gitignore');
  if (!existsSync(ignore)) writeIgnoreFile(ignore);
  const folder = join(cache, ...segments);
  makeFolder(folder);
  return folder;
}

function writeIgnoreFile(path: string): void {
  try {
    writeFileSync(path, '*\n');
  } catch (error) {
    // On a full disk it would be an empty file, which ignores nothing.
    rmSync(path, { force: true });
    throw error;
  }
}
