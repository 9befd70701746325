import type { ArtifactEntry } from './merge-segments';
import { keptContent } from './segment';
import { localBytes, localHeader } from './zip-format';
import type { PlacedEntry } from './zip-format';

/** Smaller pieces are written together, and up to this many bytes of them. */
const BATCH_BYTES = 256 * 1024;

/**
 * The contents of a zip: entries, each with its local header. They are deflated already, and only copied.
 *
 * @param entries - in the zip's order
 * @param prefix - what every path starts with in the zip: `python/` for a layer
 * @returns the bytes in pieces of any size, which mostly share memory with the segments
 */
export function contentPieces(
  entries: readonly ArtifactEntry[],
  prefix: string,
): Iterable<Uint8Array> {
  return prefix === ''
    ? contiguousRuns(entries)
    : renamedEntries(entries, prefix);
}

/**
 * Places entries in a zip.
 *
 * @param entries - in the zip's order
 * @param prefix - what every path starts with in the zip
 * @param start - where the first of them stands: an offset in bytes
 * @returns what their records say, by path, and where the last of them ends
 */
export function placeEntries(
  entries: readonly ArtifactEntry[],
  prefix: string,
  start = 0,
): { placed: readonly PlacedEntry[]; end: number } {
  let offset = start;
  const placed = entries.map(({ entry }) => {
    const one = {
      entry: prefix === '' ? entry : { ...entry, path: prefix + entry.path },
      offset,
    };
    offset += localBytes(one.entry);
    return one;
  });
  placed.sort((one, other) => (one.entry.path < other.entry.path ? -1 : 1));
  return { placed, end: offset };
}

/**
 * Puts small pieces together, since each write has its price.
 *
 * @param pieces - of any size
 * @returns the same bytes in fewer pieces
 */
export function* batches(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  const joined = (): Uint8Array => {
    const [first = new Uint8Array(), ...others] = batch;
    return others.length === 0 ? first : Buffer.concat(batch);
  };
  for (const piece of pieces) {
    if (batch.length > 0 && bytes + piece.length > BATCH_BYTES) {
      yield joined();
      batch = [];
      bytes = 0;
    }
    batch.push(piece);
    bytes += piece.length;
  }
  if (batch.length > 0) yield joined();
}

/** A segment's headers hold the paths without a prefix, so each entry gets another one. */
function* renamedEntries(
  entries: readonly ArtifactEntry[],
  prefix: string,
): Generator<Uint8Array> {
  for (const { segment, entry } of entries) {
    yield localHeader({ ...entry, path: prefix + entry.path });
    yield keptContent(segment, entry);
  }
}

/** Entries that follow each other in a segment are copied at once: mostly the whole segment. */
function* contiguousRuns(
  entries: readonly ArtifactEntry[],
): Generator<Uint8Array> {
  let run: { segment: ArtifactEntry['segment']; start: number; end: number };
  const [first, ...rest] = entries;
  if (first === undefined) return;
  const started = ({ segment, entry }: ArtifactEntry): typeof run => ({
    segment,
    start: entry.offset,
    end: entry.offset + localBytes(entry),
  });
  run = started(first);
  for (const next of rest) {
    const following = started(next);
    if (following.segment === run.segment && following.start === run.end) {
      run = { ...run, end: following.end };
      continue;
    }
    yield run.segment.body.subarray(run.start, run.end);
    run = following;
  }
  yield run.segment.body.subarray(run.start, run.end);
}
