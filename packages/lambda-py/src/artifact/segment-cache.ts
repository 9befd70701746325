import { openArtifactCache } from './artifact-cache';
import type { Segment } from './segment';
import { formatSegment, parseSegment } from './segment-file';

/** The workspace's segments by content key. */
export interface SegmentCache {
  /** Reads a segment; `undefined` where it is not there or damaged, and has to be made. */
  readonly load: (key: string) => Segment | undefined;
  /** Keeps a segment and returns it. */
  readonly store: (key: string, segment: Segment) => Segment;
}

/**
 * Opens the workspace's cache of segments.
 *
 * @param workspaceRoot - absolute path
 * @returns the cache
 */
export function openSegmentCache(workspaceRoot: string): SegmentCache {
  const files = openArtifactCache(workspaceRoot, 'segments');
  return {
    load: (key) => {
      const file = files.load(key);
      return file === undefined ? undefined : parseSegment(key, file);
    },
    store: (key, segment) => {
      files.store(key, ...formatSegment(key, segment));
      return segment;
    },
  };
}
