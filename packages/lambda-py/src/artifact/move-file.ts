import { closeSync, openSync, readSync, rmSync } from 'node:fs';

/** How much of a file is in memory at a time. */
const PIECE_BYTES = 256 * 1024;

let piece: Buffer | undefined;

/**
 * Gives a file's content away piece by piece, and then removes the file.
 *
 * @param location - absolute path
 * @param bytes - its size
 * @param write - takes the pieces, of which each is overwritten by the next one
 * @throws an Error where the file has become shorter
 */
export function moveFile(
  location: string,
  bytes: number,
  write: (piece: Uint8Array) => void,
): void {
  piece ??= Buffer.allocUnsafeSlow(PIECE_BYTES);
  const descriptor = openSync(location, 'r');
  try {
    for (let left = bytes; left > 0;) {
      const length = readSync(descriptor, piece, {
        length: Math.min(left, PIECE_BYTES),
      });
      if (length === 0) throw new Error(`${location} was cut off`);
      write(piece.subarray(0, length));
      left -= length;
    }
  } finally {
    closeSync(descriptor);
  }
  rmSync(location);
}
