import type { BigIntStats } from 'node:fs';

/**
 * Tells a file from what another process, or damage, puts in its place.
 *
 * @param stats - the file's
 * @returns a text that differs then
 */
export function fileStamp({ dev, ino, size, mtimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs].join(' ');
}
