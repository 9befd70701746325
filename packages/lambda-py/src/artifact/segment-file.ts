import { startSeal, unseal } from './sealed-file';
import type { Segment, SegmentDescription } from './segment';

/**
 * The version of all that turns a distribution into a segment: whether it is a wheel that was locked, which files are left
 * out, the canonical bytecode, deflate and its level, the headers, this file's layout. Raise it with any change to them, so
 * that no older segment is used.
 */
export const SEGMENT_FORMAT = 7;

const LENGTH_BYTES = 4;

/**
 * Writes a segment as a file of the cache: the body, its description, the length of the description, a seal. What is
 * known last is written last, so that a large body need not be in memory.
 *
 * @param key - what the segment is kept under
 * @param encode - writes the body in pieces, and then describes it
 * @param write - takes the file's bytes, piece by piece
 */
export async function writeSegment(
  key: string,
  encode: (write: (piece: Uint8Array) => void) => Promise<SegmentDescription>,
  write: (piece: Uint8Array) => void,
): Promise<void> {
  const seal = startSeal();
  const sealed = (piece: Uint8Array): void => {
    seal.add(piece);
    write(piece);
  };
  const description = await encode(sealed);
  const text = Buffer.from(JSON.stringify({ key, ...description }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  sealed(text);
  sealed(length);
  for (const piece of seal.end()) write(piece);
}

/**
 * Reads a segment's file.
 *
 * @param key - what the segment should be kept under
 * @param file - the file's content
 * @returns the segment; `undefined` where the file is damaged or holds another segment
 */
export function parseSegment(key: string, file: Buffer): Segment | undefined {
  const content = unseal(file);
  if (content === undefined) return undefined;
  const end = content.length - LENGTH_BYTES;
  const start = end - content.readUInt32LE(end);
  // The seal says that these are bytes which writeSegment wrote.
  const { key: found, ...description } = JSON.parse(
    content.toString('utf8', start, end),
  ) as SegmentDescription & { key: string };
  return found === key
    ? { ...description, body: content.subarray(0, start) }
    : undefined;
}
