import { crc32 } from 'node:zlib';

// Marks a file of this cache, and ends it: a file that was cut off has no seal.
const MARK = Buffer.from('lpyS');

/** How much longer a content is with its seal. */
export const SEAL_BYTES = MARK.length + 4;

/** The seal of a content that is written piece by piece. */
export interface Seal {
  /** Takes the content's next piece. */
  readonly add: (piece: Uint8Array) => void;
  /** What has to follow the last one. */
  readonly end: () => Uint8Array[];
}

/**
 * Starts to seal a content, so that damage to it is noticed: a cut-off write, a flipped bit.
 *
 * @returns the seal of no piece yet
 */
export function startSeal(): Seal {
  let checksum = 0;
  return {
    add: (piece) => {
      checksum = crc32(piece, checksum);
    },
    end: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32LE(checksum);
      return [MARK, bytes];
    },
  };
}

/**
 * Seals a content as {@link startSeal} does.
 *
 * @param content - the content, which is not copied
 * @returns it and its seal
 */
export function seal(content: Uint8Array): Uint8Array[] {
  const started = startSeal();
  started.add(content);
  return [content, ...started.end()];
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
