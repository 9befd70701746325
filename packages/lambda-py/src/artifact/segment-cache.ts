import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_FOLDER } from '../workspace/cache-folder';
import { openArtifactCache } from './artifact-cache';
import { fileStamp } from './file-stamp';
import type { Segment, SegmentDescription } from './segment';
import { parseSegment, writeSegment } from './segment-file';

/** The workspace's segments by content key. */
export interface SegmentCache {
  /** Reads a segment; `undefined` where it is not there or damaged, and has to be made. */
  readonly load: (key: string) => Segment | undefined;
  /**
   * Keeps a segment while it is encoded, so that it need not be in memory: `encode` writes its body in pieces, and then
   * describes it. False where the disk refuses it.
   */
  readonly store: (
    key: string,
    encode: (write: (piece: Uint8Array) => void) => Promise<SegmentDescription>,
  ) => Promise<boolean>;
}

/** A segment in memory, and which file it was read from. */
interface LoadedSegment {
  readonly segment: WeakRef<Segment>;
  readonly stamp: string;
}

/** Services that are packed in one process mostly have the same dependencies; what nobody holds any more may go. */
const loaded = new Map<string, LoadedSegment>();

const FOLDER = 'segments';

/**
 * Opens the workspace's cache of segments.
 *
 * @param workspaceRoot - absolute path
 * @returns the cache
 */
export function openSegmentCache(workspaceRoot: string): SegmentCache {
  const files = openArtifactCache(workspaceRoot, FOLDER);
  return {
    load: (key) => {
      const path = join(workspaceRoot, CACHE_FOLDER, FOLDER, key);
      const known = loaded.get(path);
      const stamp = stampOf(path);
      const inMemory = known?.segment.deref();
      if (inMemory !== undefined && known?.stamp === stamp) return inMemory;
      const file = files.load(key);
      const segment = file === undefined ? undefined : parseSegment(key, file);
      if (segment === undefined || stamp === undefined) loaded.delete(path);
      else loaded.set(path, { segment: new WeakRef(segment), stamp });
      return segment;
    },
    store: (key, encode) =>
      files.storeInPieces(key, ({ write }) => writeSegment(key, encode, write)),
  };
}

function stampOf(path: string): string | undefined {
  try {
    return fileStamp(statSync(path, { bigint: true }));
  } catch {
    // Not there, or nothing that this user may read: it is made again.
    return undefined;
  }
}
