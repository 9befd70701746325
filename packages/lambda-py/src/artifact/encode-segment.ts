import { crc32 } from 'node:zlib';
import { deflate, isCompressed } from './deflate';
import type { KeptContent } from './deflate';
import type { DeflateWorkers } from './deflate-workers';
import type { Distribution, DistributionFile, LargeFile } from './distribution';
import { elfMachine } from './elf';
import type { Segment, SegmentDescription, SegmentEntry } from './segment';
import { localBytes, localHeader } from './zip-format';

/**
 * Encodes a distribution.
 *
 * The bytes depend on the files and on the pinned libdeflate alone: neither on Node's zlib, whose output differs between
 * builds and processors, nor on the modes of the files, which a umask or Windows changes.
 *
 * @param distribution - as it goes into the artifact
 * @returns its segment
 */
export function encodeSegment(distribution: Distribution): Segment {
  const pieces: Uint8Array[] = [];
  const body = startBody((piece) => pieces.push(piece));
  for (const { path, read } of sortedFiles(distribution)) {
    const content = read();
    body.add(encodeEntry(path, describe(content), deflate(content)));
  }
  return {
    ...describeSegment(distribution, body.entries),
    body: Buffer.concat(pieces),
  };
}

/**
 * Encodes a distribution as {@link encodeSegment} does, on several cores, and without having its body in memory.
 *
 * @param distribution - as it goes into the artifact
 * @param workers - what deflates
 * @param write - takes the body, piece by piece: the same bytes
 * @returns what the segment holds
 */
export async function encodeSegmentInParallel(
  distribution: Distribution,
  workers: DeflateWorkers,
  write: (piece: Uint8Array) => void,
): Promise<SegmentDescription> {
  const body = startBody(write);
  let written = Promise.resolve();
  for (const file of sortedFiles(distribution)) {
    await workers.ready();
    // What is read next is deflated while this one is, and written after it.
    const entry = readInto(workers, file);
    const earlier = written;
    written = Promise.all([entry, earlier]).then(([encoded]) => {
      body.add(encoded);
    });
    // It may fail before it is waited for.
    written.catch(() => undefined);
  }
  await written;
  return describeSegment(distribution, body.entries);
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

/** Reads a file, and has it deflated while the next one is read. */
function readInto(
  workers: DeflateWorkers,
  { path, read, large }: DistributionFile,
): Promise<EncodedEntry> {
  const file = workers.threads > 0 ? large?.() : undefined;
  if (file !== undefined && !isCompressed(file.head)) {
    return encodeLarge(workers, path, file);
  }
  const content = read();
  // Before the content is given away.
  const description = describe(content);
  return workers
    .deflate(content)
    .then((kept) => encodeEntry(path, description, kept));
}

async function encodeLarge(
  workers: DeflateWorkers,
  path: string,
  file: LargeFile,
): Promise<EncodedEntry> {
  const { kept, isDeflated, digest, ...content } =
    await workers.deflateFile(file);
  file.check(digest);
  return encodeEntry(
    path,
    { ...content, ...kindOf(file.head) },
    { kept, isDeflated },
  );
}

function describe(content: Uint8Array): ContentDescription {
  return {
    checksum: crc32(content),
    bytes: content.length,
    ...kindOf(content),
  };
}

/** What a content is, by its first bytes. */
function kindOf(
  content: Uint8Array,
): Pick<ContentDescription, 'executable' | 'machine'> {
  const machine = elfMachine(content);
  return {
    executable: isExecutable(content),
    ...(machine === undefined ? {} : { machine }),
  };
}

function encodeEntry(
  path: string,
  description: ContentDescription,
  { kept, isDeflated }: KeptContent,
): EncodedEntry {
  return {
    entry: {
      path,
      method: isDeflated ? 'deflated' : 'stored',
      compressedBytes: kept.length,
      ...description,
    },
    kept,
  };
}

/** Writes entries, each with its local header, and notes where they are. */
function startBody(write: (piece: Uint8Array) => void): {
  readonly add: (encoded: EncodedEntry) => void;
  readonly entries: readonly SegmentEntry[];
} {
  const entries: SegmentEntry[] = [];
  let offset = 0;
  return {
    add: ({ entry, kept }) => {
      entries.push({ ...entry, offset });
      write(localHeader(entry));
      write(kept);
      offset += localBytes(entry);
    },
    entries,
  };
}

function describeSegment(
  { name, version, local, uncompiled }: Distribution,
  entries: readonly SegmentEntry[],
): SegmentDescription {
  return {
    name,
    version,
    local,
    entries,
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
