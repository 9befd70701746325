import type { Hash } from 'node:crypto';
import { LambdaPyError } from '../workspace/errors';
import type { ArtifactEntry } from './merge-segments';
import { batches, contentPieces, placeEntries } from './zip-contents';
import type { ZipDirectory } from './zip-directory';
import { endOfDirectory, GREATEST_OFFSET, MOST_ENTRIES } from './zip-format';

/** What a zip starts with: the contents of some entries. */
export interface ZipStart {
  readonly bytes: number;
  /** The records of these entries. */
  readonly directory: ZipDirectory;
  /** Settles when the file has these bytes: with their SHA-256, to be continued. */
  readonly written: Promise<Hash>;
}

/** What was written. */
export interface WrittenZip {
  readonly bytes: number;
  /** The SHA-256 of the zip. */
  readonly sha256: Buffer;
}

/**
 * Writes what follows the start of a zip: more entries, and the central directory of all. While a piece is written, its
 * digest is computed.
 *
 * @param start - what the zip starts with
 * @param entries - what follows: no path that the start has; their contents are written in this order
 * @param write - takes the bytes that follow, piece by piece, each when the one before it is written
 * @param prefix - what every path starts with: `python/` for a layer
 * @returns size and digest of the whole zip
 * @throws {@link LambdaPyError} when the zip would need zip64, which is far above Lambda's limits
 */
export async function writeZip(
  start: ZipStart,
  entries: readonly ArtifactEntry[],
  write: (chunk: Uint8Array) => Promise<void>,
  prefix = '',
): Promise<WrittenZip> {
  // First of all: whoever copies the start must be done before anything is said to have failed.
  const digest = await start.written;
  const { placed, end } = placeEntries(entries, prefix, start.bytes);
  const count = start.directory.size + entries.length;
  requireZip32(count, end);
  const directory = start.directory.with(placed);
  const pieces = batches([
    ...contentPieces(entries, prefix),
    directory,
    endOfDirectory(count, end, directory.length),
  ]);
  let { bytes } = start;
  for (const piece of pieces) {
    const written = write(piece);
    digest.update(piece);
    bytes += piece.length;
    await written;
  }
  return { bytes, sha256: digest.digest() };
}

function requireZip32(count: number, bytes: number): void {
  if (count <= MOST_ENTRIES && bytes <= GREATEST_OFFSET) return;
  throw new LambdaPyError({
    problem: 'the artifact is larger than a zip file can be',
    found: `${count} files, ${bytes} bytes compressed`,
    expected: `at most ${MOST_ENTRIES} files and ${GREATEST_OFFSET} bytes; Lambda itself takes far less`,
    mend: 'remove dependencies that the function does not need at run time',
  });
}
