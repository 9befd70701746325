import { LambdaPyError } from '../workspace/errors';
import { entryBytes } from './segment';
import type { Segment, SegmentEntry } from './segment';

/** An entry of the artifact and the segment that it is copied from. */
export interface ArtifactEntry {
  readonly segment: Segment;
  readonly entry: SegmentEntry;
}

/**
 * Lays the segments over each other. Two may hold the same file, as namespace packages do, if they agree on it.
 *
 * @param segments - in any order
 * @returns the artifact's entries: dependencies before what is local, segments by name, in each the entries by path
 * @throws {@link LambdaPyError} when two segments hold different files of the same path
 */
export function mergeSegments(segments: readonly Segment[]): ArtifactEntry[] {
  const merged = new Map<string, ArtifactEntry>();
  // What services have in common comes first, so that their zips start alike. A service has two segments where it
  // includes files: they stay in their order.
  const place = ({ local, name }: Segment): string => `${Number(local)}${name}`;
  const sorted = [...segments].sort((one, other) => {
    const [first, second] = [place(one), place(other)];
    return first < second ? -1 : first > second ? 1 : 0;
  });
  for (const segment of sorted) {
    for (const entry of segment.entries) {
      const taken = merged.get(entry.path);
      if (taken === undefined) {
        merged.set(entry.path, { segment, entry });
      } else if (!isSameContent(taken, { segment, entry })) {
        throw conflictError(entry.path, [taken.segment.name, segment.name]);
      }
    }
  }
  return [...merged.values()];
}

/** Deflate being deterministic, contents are the same if and only if what is kept of them is. */
function isSameContent(one: ArtifactEntry, other: ArtifactEntry): boolean {
  return Buffer.from(entryBytes(one.segment, one.entry)).equals(
    entryBytes(other.segment, other.entry),
  );
}

/**
 * The error for a path that distributions disagree on.
 *
 * @param path - the path in the artifact
 * @param names - the distributions that hold it
 * @returns the error
 */
export function conflictError(
  path: string,
  names: readonly string[],
): LambdaPyError {
  return new LambdaPyError({
    problem: `${names.length === 0 ? 'two distributions' : names.join(' and ')} hold different files of the same path, so one of them would be broken`,
    found: path,
    mend: 'remove one of them from the dependencies, or rename the module where it is of this workspace',
  });
}
