import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { UnusableArchiveError } from './unusable-archive-error';

/** The start of a file, and what it should be. */
export interface DigestedStart {
  /** Absolute path. */
  readonly location: string;
  /** How many of the file's bytes are meant. */
  readonly bytes: number;
  /** Their SHA-256 in hex. */
  readonly sha256: string;
}

/** How much of a file is in memory at a time. */
const PIECE_BYTES = 1024 * 1024;

/** Services that are packed in one process mostly have the same closure, whose archive is read for the first of them. */
const known = new Map<string, Promise<Hash>>();

/**
 * Checks the start of a file by its digest. In one process a file is read once, for as long as it is the same file.
 *
 * @param start - which bytes, and what they should be
 * @returns the digest after these bytes, to be continued
 * @throws an {@link UnusableArchiveError} where the file is damaged, or not there
 */
export async function checkedDigest({
  location,
  bytes,
  sha256,
}: DigestedStart): Promise<Hash> {
  const digest = await knownDigest(location, bytes).catch(() => undefined);
  if (digest?.copy().digest('hex') !== sha256) throw new UnusableArchiveError();
  return digest.copy();
}

async function knownDigest(location: string, bytes: number): Promise<Hash> {
  const file = await stampOf(location);
  const digesting = known.get(file) ?? digestStart(location, bytes);
  known.set(file, digesting);
  return digesting;
}

/**
 * Spares {@link checkedDigest} reading a file that this process has just written.
 *
 * @param location - its absolute path
 * @param digest - the SHA-256 after its start
 */
export async function rememberDigest(
  location: string,
  digest: Hash,
): Promise<void> {
  known.set(await stampOf(location), Promise.resolve(digest));
}

/** Tells a file from what another process, or damage, puts in its place. */
async function stampOf(location: string): Promise<string> {
  const { ino, size, mtimeNs } = await stat(location, { bigint: true });
  return [location, ino, size, mtimeNs].join(' ');
}

async function digestStart(location: string, bytes: number): Promise<Hash> {
  const digest = createHash('sha256');
  const piece = Buffer.allocUnsafeSlow(Math.min(bytes, PIECE_BYTES));
  const file = await open(location);
  try {
    for (let left = bytes; left > 0;) {
      const length = Math.min(left, piece.length);
      const { bytesRead } = await file.read(piece, 0, length);
      if (bytesRead === 0) throw new Error(`${location} was cut off`);
      digest.update(piece.subarray(0, bytesRead));
      left -= bytesRead;
    }
  } finally {
    await file.close();
  }
  return digest;
}
