import { crc32, inflateRawSync } from 'node:zlib';
import { localBytes } from './zip-format';
import type { ZipEntry } from './zip-format';
import type { UncompiledFile } from './distribution';
import { UnusableArchiveError } from './unusable-archive-error';

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

/** The entries of a segment, one behind the other, each with its local header. */
export interface SegmentBody {
  /** The bytes from `start` to before `end`; not to be written to. */
  readonly subarray: (start: number, end: number) => Uint8Array;
}

/** A distribution as a piece of a zip: its entries, each with its local header, ready to be copied. */
export interface Segment extends SegmentDescription {
  readonly body: Uint8Array;
}

/**
 * An entry's content as it is kept: deflated, or stored.
 *
 * @param segment - the segment
 * @param entry - one of its entries
 * @returns the content, sharing memory with the segment
 */
export function keptContent(
  segment: { readonly body: SegmentBody },
  entry: SegmentEntry,
): Uint8Array {
  const end = entry.offset + localBytes(entry);
  return segment.body.subarray(end - entry.compressedBytes, end);
}

/**
 * An entry's content.
 *
 * @param segment - the segment
 * @param entry - one of its entries
 * @returns the file as it was before it was deflated
 * @throws an {@link UnusableArchiveError} where it is damaged, as only that of an archive can be: a segment is checked as a whole
 */
export function entryContent(
  segment: { readonly body: SegmentBody },
  entry: SegmentEntry,
): Uint8Array {
  const kept = keptContent(segment, entry);
  const content = entry.method === 'stored' ? kept : tryInflate(kept);
  if (content !== undefined && crc32(content) === entry.checksum) {
    return content;
  }
  throw new UnusableArchiveError();
}

function tryInflate(content: Uint8Array): Uint8Array | undefined {
  try {
    return inflateRawSync(content);
  } catch {
    return undefined;
  }
}
