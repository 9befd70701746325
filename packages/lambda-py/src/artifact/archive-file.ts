import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { UncompiledFile } from './distribution';
import { sumDistributions } from './manifest';
import type { HeldDistribution } from './manifest';
import type { ArtifactEntry } from './merge-segments';
import { seal, SEAL_BYTES, unseal } from './sealed-file';
import type { Segment } from './segment';
import { describedServices, leftOutPaths } from './select-entries';
import { contentPieces, placeEntries } from './zip-contents';
import { centralDirectory } from './zip-format';

/**
 * The version of an archive's layout, and of all that decides which entries of the segments are in one: how options are
 * matched (another picomatch, for instance), how entries are laid over each other, what is checked before. Raise it with
 * any change to them, so that no older one is used. The lists that options stand for are in the key.
 */
export const ARCHIVE_FORMAT = 1;

/** What an archive is made of. */
export interface ArchiveRequest {
  /** What it is kept under. */
  readonly key: string;
  /** The distributions of the closure, whole. */
  readonly segments: readonly Segment[];
  /** Those of their entries that the artifact holds: in its order, each path once. */
  readonly entries: readonly ArtifactEntry[];
  /** What stands before every path in the zip. */
  readonly prefix: string;
}

/** A distribution in an archive. */
interface ArchivedDistribution extends HeldDistribution {
  /** Where its last entry ends in the contents. */
  readonly end: number;
}

/** What an archive says of itself. */
export interface ArchiveTail {
  readonly key: string;
  /** The length of the contents. */
  readonly bytes: number;
  /** Their SHA-256 in hex. */
  readonly sha256: string;
  readonly prefix: string;
  /** In the order of the contents. */
  readonly distributions: readonly ArchivedDistribution[];
  readonly uncompiled: readonly (UncompiledFile & { readonly name: string })[];
  /** The services that botocore describes, whether or not the artifact holds their descriptions. */
  readonly services: readonly string[];
  /** The paths that the artifact does not hold, by distribution: JSON within JSON, since it is seldom asked for. */
  readonly leftOut: string;
}

/** What is in an archive besides the contents. */
export interface ReadArchive {
  readonly tail: ArchiveTail;
  /** The central directory of the contents. */
  readonly directory: Buffer;
}

/** An archive as it was written. */
export interface WrittenArchive extends ReadArchive {
  /** The SHA-256 of the contents, to be continued. */
  readonly digest: Hash;
}

const LENGTH_BYTES = 4;

/**
 * Writes an archive: contents and central directory of a zip, then a description, the lengths of both, and a seal of all
 * but the contents, which have a digest of their own.
 *
 * @param request - see {@link ArchiveRequest}
 * @param write - takes the bytes, piece by piece
 * @returns what {@link readArchive} will read
 */
export function writeArchive(
  { key, segments, entries, prefix }: ArchiveRequest,
  write: (piece: Uint8Array) => void,
): WrittenArchive {
  const digest = createHash('sha256');
  for (const piece of contentPieces(entries, prefix)) {
    digest.update(piece);
    write(piece);
  }
  const { placed, end } = placeEntries(entries, prefix);
  const directory = centralDirectory(placed);
  const tail: ArchiveTail = {
    key,
    bytes: end,
    sha256: digest.copy().digest('hex'),
    prefix,
    distributions: archivedDistributions(entries, prefix),
    uncompiled: segments.flatMap(({ name, uncompiled = [] }) =>
      uncompiled.map((one) => ({ name, ...one })),
    ),
    services: describedServices(segments),
    leftOut: JSON.stringify([...leftOutPaths(segments, entries)]),
  };
  const text = Buffer.from(JSON.stringify(tail));
  const lengths = Buffer.alloc(2 * LENGTH_BYTES);
  lengths.writeUInt32LE(directory.length, 0);
  lengths.writeUInt32LE(text.length, LENGTH_BYTES);
  seal(Buffer.concat([directory, text, lengths])).forEach(write);
  return { tail, directory, digest };
}

function archivedDistributions(
  entries: readonly ArtifactEntry[],
  prefix: string,
): ArchivedDistribution[] {
  const bySegment = new Map<ArtifactEntry['segment'], ArtifactEntry[]>();
  for (const one of entries) {
    const own = bySegment.get(one.segment);
    if (own === undefined) bySegment.set(one.segment, [one]);
    else own.push(one);
  }
  let end = 0;
  // The entries of a distribution follow each other.
  return [...bySegment.values()].flatMap((own) => {
    ({ end } = placeEntries(own, prefix, end));
    return sumDistributions(own).map((one) => ({ ...one, end }));
  });
}

/**
 * Reads what is in an archive besides the contents.
 *
 * @param location - the absolute path of the file
 * @returns its description and its central directory; `undefined` where they are damaged, or cannot be read
 */
export function readArchive(location: string): ReadArchive | undefined {
  const sealed = tryReadSealed(location);
  const content = sealed === undefined ? undefined : unseal(sealed);
  if (content === undefined) return undefined;
  const lengths = content.length - 2 * LENGTH_BYTES;
  const directoryBytes = content.readUInt32LE(lengths);
  // The seal says that these are bytes which writeArchive wrote.
  const tail = JSON.parse(
    content.toString('utf8', directoryBytes, lengths),
  ) as ArchiveTail;
  return { tail, directory: content.subarray(0, directoryBytes) };
}

function tryReadSealed(location: string): Buffer | undefined {
  try {
    const descriptor = openSync(location, 'r');
    try {
      return readSealed(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    // Removed meanwhile, or unreadable: the archive has to be made again.
    return undefined;
  }
}

function readSealed(descriptor: number): Buffer | undefined {
  const { size } = fstatSync(descriptor);
  const readEnd = (bytes: number): Buffer => {
    const end = Buffer.allocUnsafe(bytes);
    readSync(descriptor, end, { position: size - bytes });
    return end;
  };
  const endBytes = 2 * LENGTH_BYTES + SEAL_BYTES;
  if (size < endBytes) return undefined;
  const end = readEnd(endBytes);
  const bytes = end.readUInt32LE(0) + end.readUInt32LE(LENGTH_BYTES) + endBytes;
  return bytes > size ? undefined : readEnd(bytes);
}
