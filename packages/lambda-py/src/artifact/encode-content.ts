import { crc32 } from 'node:zlib';
import { deflate, isCompressed } from './deflate';
import type { KeptContent } from './deflate';
import { HUGE_BYTES } from './deflate-workers';
import type { DeflateWorkers } from './deflate-workers';
import type { Distribution, DistributionFile, LargeFile } from './distribution';
import { elfMachine } from './elf';
import { moveFile } from './move-file';
import type { SegmentEntry } from './segment';

/** A content as a segment holds it. */
export interface EncodedContent {
  readonly description: Omit<SegmentEntry, 'offset' | 'path'>;
  /** What is kept; or calls its argument with that, piece by piece, once. */
  readonly kept: Uint8Array | ((write: (piece: Uint8Array) => void) => void);
}

/**
 * Encodes a content.
 *
 * @param content - the content
 * @returns as a segment holds it
 */
export function encodeContent(content: Uint8Array): EncodedContent {
  return asKept(describe(content), deflate(content));
}

/**
 * Encodes a file as {@link encodeContent} does, in a thread, while the next one is read.
 *
 * @param workers - the threads
 * @param file - the file
 * @returns its content as a segment holds it
 */
export function encodeContentIn(
  workers: DeflateWorkers,
  { read, large }: DistributionFile,
): Promise<EncodedContent> {
  const file = largeFileFor(workers, large);
  return file === undefined
    ? encodeRead(workers, read())
    : encodeLarge(workers, file);
}

/**
 * Encodes a content before its distribution is complete, so that it is in memory as it will be kept.
 *
 * @param workers - what deflates, and takes the content over
 * @param content - the content
 * @returns how a distribution holds it
 */
export function encodeEarly(
  workers: DeflateWorkers,
  content: Uint8Array,
): Pick<DistributionFile, 'read' | 'early'> {
  return {
    read: () => {
      throw new Error('a content was given away to be deflated');
    },
    early: waitedForLater(encodeRead(workers, content)),
  };
}

/**
 * Begins with what takes longest and needs no memory of this thread, before its distribution is complete.
 *
 * @param workers - what deflates
 * @param distribution - a distribution
 * @returns it, and what has begun
 */
export function encodeHugeEarly(
  workers: DeflateWorkers,
  distribution: Distribution,
): Distribution {
  return {
    ...distribution,
    files: distribution.files.map((file) => {
      const large = largeFileFor(workers, file.large);
      return large === undefined || large.source.bytes < HUGE_BYTES
        ? file
        : { ...file, early: waitedForLater(encodeLarge(workers, large)) };
    }),
  };
}

/** It may fail before it is waited for, or never be. */
function waitedForLater<Result>(work: Promise<Result>): Promise<Result> {
  work.catch(() => undefined);
  return work;
}

/** The file that a thread is to read, if one is. */
function largeFileFor(
  { threads }: DeflateWorkers,
  large: DistributionFile['large'],
): LargeFile | undefined {
  const file = threads > 0 ? large?.() : undefined;
  return file === undefined || isCompressed(file.head) ? undefined : file;
}

async function encodeRead(
  workers: DeflateWorkers,
  content: Uint8Array,
): Promise<EncodedContent> {
  // Before the content is given away.
  const description = describe(content);
  return asKept(description, await workers.deflate(content));
}

async function encodeLarge(
  workers: DeflateWorkers,
  file: LargeFile,
): Promise<EncodedContent> {
  const { keptLocation, keptBytes, isDeflated, digest, ...content } =
    await workers.deflateFile(file);
  file.check(digest);
  return {
    description: {
      method: isDeflated ? 'deflated' : 'stored',
      compressedBytes: keptBytes,
      ...content,
      ...kindOf(file.head),
    },
    kept: (write) => {
      moveFile(keptLocation, keptBytes, write);
    },
  };
}

/** What is to be known of a content besides how it is kept. */
type ContentDescription = Omit<
  EncodedContent['description'],
  'method' | 'compressedBytes'
>;

function asKept(
  description: ContentDescription,
  { kept, isDeflated }: KeptContent,
): EncodedContent {
  return {
    description: {
      method: isDeflated ? 'deflated' : 'stored',
      compressedBytes: kept.length,
      ...description,
    },
    kept,
  };
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

/** Told by what the kernel would run, an ELF file or a script, since modes do not survive every file system. */
function isExecutable(content: Uint8Array): boolean {
  return (
    elfMachine(content) !== undefined ||
    (content[0] === 0x23 && content[1] === 0x21)
  );
}
