import { crc32 } from 'node:zlib';

// Marks a file of this cache, and ends it: a file that was cut off has no seal.
const MARK = Buffer.from('lpyS');
const SEAL_BYTES = MARK.length + 4;

/**
 * Seals a content, so that damage to it is noticed: a cut-off write, a flipped bit.
 *
 * @param parts - the content in pieces, which are not copied: it may be large
 * @returns the pieces and their seal
 */
export function seal(...parts: readonly Uint8Array[]): Uint8Array[] {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(parts.reduce((value, part) => crc32(part, value), 0));
  return [...parts, MARK, checksum];
}

/**
 * Checks and removes a seal.
 *
 * @param sealed - the bytes that {@link seal} gave
 * @returns the content, sharing memory with `sealed`; `undefined` where it is damaged
 */
export function unseal(sealed: Buffer): Buffer | undefined {
  const end = sealed.length - SEAL_BYTES;
  if (end < 0) return undefined;
  const content = sealed.subarray(0, end);
  const mark = sealed.subarray(end, end + MARK.length);
  const checksum = sealed.readUInt32LE(end + MARK.length);
  return mark.equals(MARK) && checksum === crc32(content) ? content : undefined;
}
