import { createHash } from 'node:crypto';
import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_FOLDER, makeCacheFolder } from '../workspace/cache-folder';
import { cleanNowAndThen, USE_RESOLUTION_MS } from './clean-cache';
import { isDiskError } from './disk-error';
import { openPendingFile, writeWhole } from './pending-file';
import type { PendingFile } from './pending-file';

/** The most bytes that a workspace keeps of segments, and of archives: each some fifty closures of 20 MB. */
export const CACHE_LIMIT_BYTES = 1024 ** 3;

/**
 * A folder of the workspace's cache with files by content key.
 *
 * What the disk refuses is not kept, and made again the next time: a cache that is full or read-only costs time alone.
 *
 * Safe with parallel and killed runs: a file appears whole or not at all, and is read in one go.
 */
export interface ArtifactCache {
  /** The absolute path of what is kept under a key; `undefined` where there is nothing. */
  readonly find: (key: string) => string | undefined;
  /** Reads what is kept under a key; `undefined` where there is nothing. */
  readonly load: (key: string) => Buffer | undefined;
  /**
   * Keeps a content under a key, and now and then removes what was used least recently, down to the limit; false where
   * the disk refuses it.
   */
  readonly store: (key: string, ...content: readonly Uint8Array[]) => boolean;
  /** Keeps a content as {@link ArtifactCache.store} does, while it is made: `make` writes it to a file. */
  readonly storeInPieces: (
    key: string,
    make: (file: Omit<PendingFile, 'commit'>) => Promise<void>,
  ) => Promise<boolean>;
}

/**
 * Opens a folder of the cache.
 *
 * @param workspaceRoot - absolute path
 * @param name - the folder's name within the cache
 * @param limitBytes - the most bytes that it keeps
 * @returns the cache
 */
export function openArtifactCache(
  workspaceRoot: string,
  name: string,
  limitBytes = CACHE_LIMIT_BYTES,
): ArtifactCache {
  const folder = join(workspaceRoot, CACHE_FOLDER, name);
  return {
    find: (key) => {
      const path = join(folder, key);
      try {
        noteUse(path);
        return path;
      } catch {
        return undefined;
      }
    },
    load: (key) => {
      const path = join(folder, key);
      try {
        const content = readFileSync(path);
        noteUse(path);
        return content;
      } catch {
        // Not there, removed meanwhile, or unreadable: in any case it has to be made again.
        return undefined;
      }
    },
    store: (key, ...content) => {
      try {
        makeCacheFolder(workspaceRoot, name);
        writeWhole(join(folder, key), ...content);
        cleanNowAndThen(folder, limitBytes);
        return true;
      } catch (error) {
        if (!isDiskError(error)) throw error;
        return false;
      }
    },
    storeInPieces: async (key, make) => {
      try {
        makeCacheFolder(workspaceRoot, name);
        const file = openPendingFile(join(folder, key));
        try {
          await make(file);
          file.commit();
        } finally {
          file.discard();
        }
        cleanNowAndThen(folder, limitBytes);
        return true;
      } catch (error) {
        if (!isDiskError(error)) throw error;
        return false;
      }
    },
  };
}

/**
 * A content key.
 *
 * @param parts - all that the content depends on
 * @returns a name for a file: SHA-256 in hex
 */
export function contentKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function noteUse(path: string): void {
  const now = Date.now();
  if (now - statSync(path).mtimeMs < USE_RESOLUTION_MS) return;
  try {
    utimesSync(path, now / 1000, now / 1000);
  } catch {
    // A cache that may only be read serves as well; it is then nobody's to clean.
  }
}
