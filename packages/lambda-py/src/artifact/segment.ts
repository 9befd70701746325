import { deflateSync } from 'fflate';
import { crc32 } from 'node:zlib';
import type { Distribution, UncompiledFile } from './distribution';
import { elfMachine } from './elf';
import { localBytes, localHeader } from './zip-format';
import type { ZipEntry } from './zip-format';

/** An entry of a segment. */
export interface SegmentEntry extends ZipEntry {
  /** Where its local header stands in {@link Segment.body}. */
  readonly offset: number;
  /** The processor that it is for, where it is an ELF file: its `e_machine`. */
  readonly machine?: number;
}

/** A distribution as a piece of a zip: its entries, each with its local header, ready to be copied. */
export interface Segment {
  /** PEP 503 name. */
  readonly name: string;
  readonly version: string;
  /** Of the workspace, and not from an index. */
  readonly local: boolean;
  /** Sorted by path, without gaps in {@link body}. */
  readonly entries: readonly SegmentEntry[];
  readonly body: Uint8Array;
  /** The sources that do not compile for the target, where there are any. */
  readonly uncompiled?: readonly UncompiledFile[];
}

// 9 costs 2.6 times as much for 0.7 % (DESIGN, section 5).
const DEFLATE_LEVEL = 6;

/**
 * Encodes a distribution.
 *
 * The bytes depend on the files and on the pinned deflate of `fflate` alone: neither on Node's zlib, whose output
 * differs between builds and processors, nor on the modes of the files, which a umask or Windows changes.
 *
 * @param distribution - as it goes into the artifact
 * @returns its segment
 */
export function encodeSegment(distribution: Distribution): Segment {
  const { name, version, local, uncompiled } = distribution;
  const entries: SegmentEntry[] = [];
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const file of [...distribution.files].sort(byPath)) {
    const content = file.read();
    const { entry, kept } = compress(file.path, content);
    const machine = elfMachine(content);
    entries.push({
      ...entry,
      offset,
      ...(machine === undefined ? {} : { machine }),
    });
    pieces.push(localHeader(entry), kept);
    offset += localBytes(entry);
  }
  return {
    name,
    version,
    local,
    entries,
    body: Buffer.concat(pieces),
    ...(uncompiled === undefined ? {} : { uncompiled }),
  };
}

function compress(
  path: string,
  content: Uint8Array,
): { entry: ZipEntry; kept: Uint8Array } {
  const deflated = deflateSync(content, { level: DEFLATE_LEVEL });
  const isSmaller = deflated.length < content.length;
  const kept = isSmaller ? deflated : content;
  return {
    entry: {
      path,
      method: isSmaller ? 'deflated' : 'stored',
      checksum: crc32(content),
      bytes: content.length,
      compressedBytes: kept.length,
      executable: isExecutable(content),
    },
    kept,
  };
}

/** Told by what the kernel would run, an ELF file or a script, since modes do not survive every file system. */
function isExecutable(content: Uint8Array): boolean {
  return (
    elfMachine(content) !== undefined ||
    (content[0] === 0x23 && content[1] === 0x21)
  );
}

function byPath(one: { path: string }, other: { path: string }): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0;
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
