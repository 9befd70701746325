import { LambdaPyError } from '../workspace/errors';
import type { ArtifactEntry } from './merge-segments';
import { startDigest } from './shared-prefix-digest';
import {
  centralDirectory,
  endOfDirectory,
  GREATEST_OFFSET,
  localBytes,
  localHeader,
  MOST_ENTRIES,
} from './zip-format';
import type { PlacedEntry } from './zip-format';

/** Smaller pieces are written together, and up to this many bytes of them. */
const BATCH_BYTES = 256 * 1024;

/** What was written. */
export interface WrittenZip {
  readonly bytes: number;
  /** The digest of the zip. */
  readonly sha256: Buffer;
}

/**
 * Writes a zip of entries that are deflated already: they are copied, and only their offsets are new. While a piece is
 * written, its digest is computed.
 *
 * @param entries - the entries, each path once; their contents are written in this order
 * @param write - takes the zip's bytes, piece by piece, each when the one before it is written
 * @param prefix - what every path starts with: `python/` for a layer
 * @returns size and digest
 * @throws {@link LambdaPyError} when the zip would need zip64, which is far above Lambda's limits
 */
export async function writeZip(
  entries: readonly ArtifactEntry[],
  write: (chunk: Uint8Array) => Promise<void>,
  prefix = '',
): Promise<WrittenZip> {
  requireZip32(entries);
  const digest = startDigest();
  let bytes = 0;
  for (const batch of batches(piecesOf(entries, prefix))) {
    const written = write(batch.length === 1 ? batch[0] : Buffer.concat(batch));
    for (const piece of batch) {
      digest.add(piece);
      bytes += piece.length;
    }
    await written;
  }
  return { bytes, sha256: digest.end() };
}

/** The whole zip. */
function* piecesOf(
  entries: readonly ArtifactEntry[],
  prefix: string,
): Generator<Uint8Array> {
  let offset = 0;
  const contents =
    prefix === '' ? contiguousRuns(entries) : renamedEntries(entries, prefix);
  for (const piece of contents) {
    yield piece;
    offset += piece.length;
  }
  const directory = centralDirectory(placesOf(entries, prefix));
  yield directory;
  yield endOfDirectory(entries.length, offset, directory.length);
}

type Batch = [Uint8Array, ...Uint8Array[]];

/** Small pieces together: each write has its price. */
function* batches(pieces: Iterable<Uint8Array>): Generator<Batch> {
  let batch: Batch | undefined;
  let bytes = 0;
  for (const piece of pieces) {
    if (batch !== undefined && bytes + piece.length <= BATCH_BYTES) {
      batch.push(piece);
      bytes += piece.length;
      continue;
    }
    if (batch !== undefined) yield batch;
    batch = [piece];
    bytes = piece.length;
  }
  if (batch !== undefined) yield batch;
}

/** The entries by path, each with its place in the zip. */
function placesOf(
  entries: readonly ArtifactEntry[],
  prefix: string,
): readonly PlacedEntry[] {
  let offset = 0;
  const placed = entries.map(({ entry }) => {
    const one = {
      entry: prefix === '' ? entry : { ...entry, path: prefix + entry.path },
      offset,
    };
    offset += localBytes(one.entry);
    return one;
  });
  return placed.sort((one, other) =>
    one.entry.path < other.entry.path ? -1 : 1,
  );
}

/** A segment's headers hold the paths without a prefix, so each entry gets another one. */
function* renamedEntries(
  entries: readonly ArtifactEntry[],
  prefix: string,
): Generator<Uint8Array> {
  for (const { segment, entry } of entries) {
    yield localHeader({ ...entry, path: prefix + entry.path });
    const end = entry.offset + localBytes(entry);
    yield segment.body.subarray(end - entry.compressedBytes, end);
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

function requireZip32(entries: readonly ArtifactEntry[]): void {
  const bytes = entries.reduce((sum, { entry }) => sum + localBytes(entry), 0);
  if (entries.length <= MOST_ENTRIES && bytes <= GREATEST_OFFSET) return;
  throw new LambdaPyError({
    problem: 'the artifact is larger than a zip file can be',
    found: `${entries.length} files, ${bytes} bytes compressed`,
    expected: `at most ${MOST_ENTRIES} files and ${GREATEST_OFFSET} bytes; Lambda itself takes far less`,
    mend: 'remove dependencies that the function does not need at run time',
  });
}
