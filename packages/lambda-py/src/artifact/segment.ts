import { inflateRawSync } from 'node:zlib';
import { localBytes } from './zip-format';
import type { ZipEntry } from './zip-format';
import type { UncompiledFile } from './distribution';

/** An entry of a segment. */
export interface SegmentEntry extends ZipEntry {
  /** Where its local header stands in {@link Segment.body}. */
  readonly offset: number;
  /** The processor that it is for, where it is an ELF file: its `e_machine`. */
  readonly machine?: number;
}

/** What is known of a segment besides its bytes. */
export interface SegmentDescription {
  /** PEP 503 name. */
  readonly name: string;
  readonly version: string;
  /** Of the workspace, and not from an index. */
  readonly local: boolean;
  /** Sorted by path, without gaps in the body. */
  readonly entries: readonly SegmentEntry[];
  /** The sources that do not compile for the target, where there are any. */
  readonly uncompiled?: readonly UncompiledFile[];
}

/** A distribution as a piece of a zip: its entries, each with its local header, ready to be copied. */
export interface Segment extends SegmentDescription {
  readonly body: Uint8Array;
}

/**
 * An entry's piece of the zip.
 *
 * @param segment - the segment
 * @param entry - one of its entries
 * @returns its local header and kept content, sharing memory with the segment
 */
export function entryBytes(segment: Segment, entry: SegmentEntry): Uint8Array {
  return segment.body.subarray(entry.offset, entry.offset + localBytes(entry));
}

/**
 * An entry's content.
 *
 * @param segment - the segment
 * @param entry - one of its entries
 * @returns the file as it was before it was deflated
 */
export function entryContent(
  segment: Segment,
  entry: SegmentEntry,
): Uint8Array {
  const bytes = entryBytes(segment, entry);
  const kept = bytes.subarray(bytes.length - entry.compressedBytes);
  return entry.method === 'stored' ? kept : inflateRawSync(kept);
}
