import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Reads a part of a file.
 *
 * @param location - absolute path
 * @param start - where the part starts: an offset in bytes
 * @param bytes - its length
 * @returns the bytes; fewer where the file ends before
 */
export function readPart(
  location: string,
  start: number,
  bytes: number,
): Buffer {
  const part = Buffer.alloc(bytes);
  const descriptor = openSync(location, 'r');
  try {
    return part.subarray(0, readSync(descriptor, part, { position: start }));
  } finally {
    closeSync(descriptor);
  }
}
