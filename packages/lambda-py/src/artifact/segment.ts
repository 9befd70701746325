import { crc32 } from 'node:zlib';
import { deflate } from './deflate';
import type { KeptContent } from './deflate';
import type { DeflateWorkers } from './deflate-workers';
import type {
  Distribution,
  DistributionFile,
  UncompiledFile,
} from './distribution';
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
  return assemble(
    distribution,
    sortedFiles(distribution).map(({ path, read }) => {
      const content = read();
      return encodeEntry(path, describe(content), deflate(content));
    }),
  );
}

/**
 * Encodes a distribution as {@link encodeSegment} does, on several cores.
 *
 * @param distribution - as it goes into the artifact
 * @param workers - what deflates
 * @returns its segment: the same bytes
 */
export async function encodeSegmentInParallel(
  distribution: Distribution,
  workers: DeflateWorkers,
): Promise<Segment> {
  const encoded: Promise<EncodedEntry>[] = [];
  for (const { path, read } of sortedFiles(distribution)) {
    await workers.ready();
    const content = read();
    // Before the content is given away.
    const description = describe(content);
    encoded.push(
      workers
        .deflate(content)
        .then((kept) => encodeEntry(path, description, kept)),
    );
  }
  return assemble(distribution, await Promise.all(encoded));
}

/** What is to be known of a content besides how it is kept. */
interface ContentDescription {
  readonly checksum: number;
  readonly bytes: number;
  readonly executable: boolean;
  readonly machine?: number;
}

interface EncodedEntry {
  readonly entry: Omit<SegmentEntry, 'offset'>;
  readonly kept: Uint8Array;
}

function describe(content: Uint8Array): ContentDescription {
  const machine = elfMachine(content);
  return {
    checksum: crc32(content),
    bytes: content.length,
    executable: isExecutable(content),
    ...(machine === undefined ? {} : { machine }),
  };
}

function encodeEntry(
  path: string,
  { machine, ...description }: ContentDescription,
  { kept, isDeflated }: KeptContent,
): EncodedEntry {
  return {
    entry: {
      path,
      method: isDeflated ? 'deflated' : 'stored',
      compressedBytes: kept.length,
      ...description,
      ...(machine === undefined ? {} : { machine }),
    },
    kept,
  };
}

function assemble(
  { name, version, local, uncompiled }: Distribution,
  encoded: readonly EncodedEntry[],
): Segment {
  const entries: SegmentEntry[] = [];
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const { entry, kept } of encoded) {
    entries.push({ ...entry, offset });
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

/** Told by what the kernel would run, an ELF file or a script, since modes do not survive every file system. */
function isExecutable(content: Uint8Array): boolean {
  return (
    elfMachine(content) !== undefined ||
    (content[0] === 0x23 && content[1] === 0x21)
  );
}

function sortedFiles({ files }: Distribution): readonly DistributionFile[] {
  return [...files].sort((one, other) =>
    one.path < other.path ? -1 : one.path > other.path ? 1 : 0,
  );
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
