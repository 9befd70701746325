import { LambdaPyError } from '../workspace/errors';
import { sourcePath } from './bytecode';
import { entryContent } from './segment';
import type { Segment, SegmentBody, SegmentEntry } from './segment';

/** What an entry is copied from: a segment, or an archive's part that was one. */
export interface EntrySource extends Pick<
  Segment,
  'name' | 'version' | 'local'
> {
  readonly body: SegmentBody;
}

/** An entry of the artifact and the segment that it is copied from. */
export interface ArtifactEntry {
  readonly segment: EntrySource;
  readonly entry: SegmentEntry;
}

/**
 * The entries of segments in the artifact's order.
 *
 * @param segments - in any order
 * @returns their entries: segments by name, in each the entries by path
 */
export function entriesOf(segments: readonly Segment[]): ArtifactEntry[] {
  // A service has two segments where it includes files: they stay in their order.
  return [...segments]
    .sort(({ name: one }, { name: other }) =>
      one < other ? -1 : one > other ? 1 : 0,
    )
    .flatMap((segment) => segment.entries.map((entry) => ({ segment, entry })));
}

/**
 * Lays entries over each other. Two segments may hold the same file, as namespace packages do, if they agree on it.
 *
 * @param entries - in the artifact's order
 * @returns them in their order, each path once: the first of it stays
 * @throws {@link LambdaPyError} when two segments hold different files of the same path
 */
export function mergeEntries(
  entries: readonly ArtifactEntry[],
): readonly ArtifactEntry[] {
  const merged = new Map<string, ArtifactEntry>();
  for (const one of entries) {
    const { path } = one.entry;
    const taken = merged.get(path);
    if (taken === undefined) merged.set(path, one);
    else requireSameContent(taken, one);
  }
  return merged.size === entries.length ? entries : [...merged.values()];
}

/**
 * Checks that two entries of the same path agree.
 *
 * @param one - the entry that stays
 * @param other - the one that is left out
 * @throws {@link LambdaPyError} when they do not
 */
export function requireSameContent(
  one: ArtifactEntry,
  other: ArtifactEntry,
): void {
  if (isSameContent(one, other)) return;
  throw conflictError(one.entry.path, [one.segment.name, other.segment.name]);
}

/**
 * Tells whether two entries agree in what is known without reading them, size and CRC-32: of pairs that differ, one in four
 * thousand million does.
 *
 * @param one - an entry
 * @param other - another one, of any path
 * @returns false only where their contents differ
 */
export function isAlike(
  { entry: one }: ArtifactEntry,
  { entry: other }: ArtifactEntry,
): boolean {
  return one.checksum === other.checksum && one.bytes === other.bytes;
}

/**
 * Tells whether two entries have the same content.
 *
 * @param one - an entry
 * @param other - another one, of any path
 * @returns true only where they agree byte for byte
 */
export function isSameContent(
  one: ArtifactEntry,
  other: ArtifactEntry,
): boolean {
  // Most that differ do so in what is known without reading them.
  return (
    isAlike(one, other) &&
    Buffer.from(entryContent(one.segment, one.entry)).equals(
      entryContent(other.segment, other.entry),
    )
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
    // A user knows the source, of which the bytecode differs with it.
    found: sourcePath(path) ?? path,
    mend: 'remove one of them from the dependencies, or rename the module where it is of this workspace',
  });
}
