import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { fileStamp } from './file-stamp';
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

/** A digest, and which file it is of. */
export interface FileDigest {
  /** The SHA-256 after the start of the file, to be continued. */
  readonly digest: Hash;
  /** See {@link fileIdentity}. */
  readonly identity: string;
}

/** How much of a file is in memory at a time. */
const PIECE_BYTES = 1024 * 1024;

/** Services that are packed in one process mostly have the same closure, whose archive is read for the first of them. */
const known = new Map<string, Promise<Hash>>();

/**
 * Checks the start of a file by its digest. In one process a file is read once, for as long as it is the same file.
 *
 * @param start - which bytes, and what they should be
 * @returns the digest, and of which file it is: another process may put another one in its place at any time
 * @throws an {@link UnusableArchiveError} where the file is damaged, or not there
 */
export async function checkedDigest({
  location,
  bytes,
  sha256,
}: DigestedStart): Promise<FileDigest> {
  try {
    const file = await open(location);
    try {
      const stats = await file.stat({ bigint: true });
      const stamp = fileStamp(stats);
      const digesting = known.get(stamp) ?? digestStart(file, bytes);
      known.set(stamp, digesting);
      const digest = await digesting;
      if (digest.copy().digest('hex') === sha256) {
        return { digest: digest.copy(), identity: identityOf(stats) };
      }
    } finally {
      await file.close();
    }
  } catch {
    // Not there, cut off, or unreadable: in any case its contents have to be put together again.
  }
  throw new UnusableArchiveError();
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
  const stats = await stat(location, { bigint: true });
  known.set(fileStamp(stats), Promise.resolve(digest));
}

/**
 * Tells a file from one that is put in its place.
 *
 * @param location - its absolute path
 * @returns the same for the same file; `undefined` where there is none
 */
export async function fileIdentity(
  location: string,
): Promise<string | undefined> {
  try {
    return identityOf(await stat(location, { bigint: true }));
  } catch {
    return undefined;
  }
}

/** Without the device: on some versions of Windows a path and an open file tell it differently. */
function identityOf({ ino, size }: BigIntStats): string {
  return [ino, size].join(' ');
}

/** One piece is read while the one before it is digested. */
async function digestStart(file: FileHandle, bytes: number): Promise<Hash> {
  const digest = createHash('sha256');
  const newPiece = (): Buffer =>
    Buffer.allocUnsafeSlow(Math.min(bytes, PIECE_BYTES));
  const read = async (into: Buffer, position: number): Promise<Buffer> => {
    const length = Math.min(bytes - position, into.length);
    const { bytesRead } = await file.read(into, 0, length, position);
    return into.subarray(0, bytesRead);
  };
  let [current, other] = [newPiece(), newPiece()];
  let reading = read(current, 0);
  for (let position = 0; position < bytes;) {
    const piece = await reading;
    if (piece.length === 0) throw new Error('cut off');
    position += piece.length;
    [current, other] = [other, current];
    reading = read(current, position);
    digest.update(piece);
  }
  await reading;
  return digest;
}
