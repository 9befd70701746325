import { seal, unseal } from './sealed-file';
import type { Segment } from './segment';

/**
 * The version of all that turns a distribution into a segment: which files are left out, the canonical bytecode, deflate
 * and its level, the headers, this file's layout. Raise it with any change to them, so that no older segment is used.
 */
export const SEGMENT_FORMAT = 3;

const LENGTH_BYTES = 4;

/**
 * Writes a segment as a file of the cache: the length of its description, the description, the body, a seal.
 *
 * @param key - what the segment is kept under
 * @param segment - the segment
 * @returns the file's content, in pieces
 */
export function formatSegment(key: string, segment: Segment): Uint8Array[] {
  const { body, ...description } = segment;
  const text = Buffer.from(JSON.stringify({ key, ...description }));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.length);
  return seal(length, text, body);
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
  const end = LENGTH_BYTES + content.readUInt32LE(0);
  // The seal says that these are bytes which formatSegment wrote.
  const { key: found, ...description } = JSON.parse(
    content.toString('utf8', LENGTH_BYTES, end),
  ) as Omit<Segment, 'body'> & { key: string };
  return found === key
    ? { ...description, body: content.subarray(end) }
    : undefined;
}
