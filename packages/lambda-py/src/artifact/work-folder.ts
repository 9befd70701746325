import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CACHE_FOLDER, makeCacheFolder } from '../workspace/cache-folder';
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
export function inWorkFolder<Result>(
  workspaceRoot: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  return withWorkFolder(workspaceRoot, (folder) => work(folder()));
}

/**
 * Does as {@link inWorkFolder} does for work that may need no folder: it is made when the work asks for it, and is the
 * same then each time.
 *
 * @param workspaceRoot - absolute path
 * @param work - takes what gives it the folder's absolute path; it may be done a second time, in another folder
 * @returns what the work returns
 */
export async function withWorkFolder<Result>(
  workspaceRoot: string,
  work: (folder: () => string) => Promise<Result>,
): Promise<Result> {
  removeLeftovers(join(workspaceRoot, CACHE_FOLDER, 'work'));
  const inCache = folderOnDemand(() => makeWorkFolder(workspaceRoot));
  const inSystem = folderOnDemand(() =>
    mkdtempSync(join(tmpdir(), 'lambda-py-work-')),
  );
  try {
    return await work(() => inCache.path() ?? inSystem.path());
  } catch (error) {
    if (!isOutOfSpace(error) || !inCache.isMade()) throw error;
    inCache.remove();
    return await work(inSystem.path);
  } finally {
    inCache.remove();
    inSystem.remove();
  }
}

interface FolderOnDemand<Path> {
  /** Where it is; made by the first call. */
  readonly path: () => Path;
  readonly isMade: () => boolean;
  readonly remove: () => void;
}

function folderOnDemand<Path extends string | undefined>(
  make: () => Path,
): FolderOnDemand<Path> {
  let made: { readonly path: Path } | undefined;
  let isRemoved = false;
  const remove = (): void => {
    isRemoved = true;
    if (made?.path === undefined) return;
    removeIfPossible(made.path);
  };
  return {
    path: () => {
      // Who goes on when the work as a whole has failed must not leave another one behind.
      if (isRemoved) throw new Error('the work folder is removed already');
      if (made !== undefined) return made.path;
      made = { path: make() };
      try {
        // hatchling goes by the first .gitignore above a project: that of the cache ignores everything.
        if (made.path !== undefined) {
          writeFileSync(join(made.path, '.gitignore'), '');
        }
      } catch (error) {
        remove();
        throw error;
      }
      return made.path;
    },
    isMade: () => made?.path !== undefined,
    remove,
  };
}

function makeWorkFolder(workspaceRoot: string): string | undefined {
  try {
    const parent = makeCacheFolder(workspaceRoot, 'work');
    return mkdtempSync(join(parent, `${OWN_MARK}-`));
  } catch (error) {
    if (!isDiskError(error)) throw error;
    return undefined;
  }
}

/** What killed processes have left goes, whether or not this work needs a folder. */
function removeLeftovers(parent: string): void {
  for (const name of listIfPresent(parent)) {
    const mark = name.split('-').slice(0, 2).join('-');
    const folder = join(parent, name);
    if (isAbandoned(mark, folder)) removeIfPossible(folder);
  }
}

/**
 * A scanner on Windows, or a tool that a killed process had started, may still use what is in a folder. The work is done,
 * whatever becomes of it; the next run tries again.
 */
function removeIfPossible(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // It stays, and takes space until then.
  }
}

function listIfPresent(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
