import { openArtifactCache } from './artifact-cache';
import { readArchive, writeArchive } from './archive-file';
import type { ArchiveRequest, ReadArchive } from './archive-file';
import { rememberDigest } from './archive-digest';
import type { HeldDistribution } from './manifest';
import type { ArtifactEntry } from './merge-segments';
import type { UncompiledFile } from './distribution';
import { readPart } from './file-part';
import type { SegmentBody } from './segment';
import { UnusableArchiveError } from './unusable-archive-error';
import { openDirectory } from './zip-directory';
import type { ZipDirectory } from './zip-directory';
import type { PlacedEntry } from './zip-format';

/** What the zip of an artifact starts with: bytes of a file in the cache; where the disk refused one, in memory. */
export type ArchivedContents = {
  readonly bytes: number;
  /** The SHA-256 of these bytes in hex. */
  readonly sha256: string;
} & (
  | {
      /** The absolute path of the file. */
      readonly location: string;
    }
  | { readonly content: Uint8Array }
);

/** What an artifact holds of its locked closure, ready to be the start of its zip. */
export interface ClosureArchive {
  readonly contents: ArchivedContents;
  /** The records of its entries, as they are in the zip. */
  readonly directory: ZipDirectory;
  /** In the order of the contents. */
  readonly distributions: readonly HeldDistribution[];
  /** The sources that do not compile for the target. */
  readonly uncompiled: readonly (UncompiledFile & { readonly name: string })[];
  /** The services that botocore describes in the closure, whether or not the artifact holds their descriptions. */
  readonly services: readonly string[];
  /** Finds the entry of a path, which is relative to the root of the artifact. */
  readonly find: (path: string) => ArtifactEntry | undefined;
  /** All entries, in the zip's order: they are thousands, so that nobody should ask who need not. */
  readonly entries: () => readonly ArtifactEntry[];
  /** The paths that the project's options leave out, by distribution. */
  readonly leftOut: () => ReadonlyMap<string, readonly string[]>;
}

/** The workspace's archives by content key: services with the same closure share one. */
export interface ArchiveCache {
  /** Finds an archive. What it says of itself is checked, and its contents are when they are read. */
  readonly find: (key: string) => ClosureArchive | undefined;
  /** Makes an archive, and keeps it; where the disk refuses that, it is in memory. */
  readonly make: (request: ArchiveRequest) => Promise<ClosureArchive>;
}

/**
 * Opens the workspace's cache of archives.
 *
 * @param workspaceRoot - absolute path
 * @returns the cache
 */
export function openArchiveCache(workspaceRoot: string): ArchiveCache {
  const files = openArtifactCache(workspaceRoot, 'archives');
  const find = (key: string): ClosureArchive | undefined => {
    const location = files.find(key);
    const read = location === undefined ? undefined : readArchive(location);
    if (location === undefined || read?.tail.key !== key) return undefined;
    return openArchive(read, { location });
  };
  return {
    find,
    make: async (request) => {
      const isKept = await files.storeInPieces(request.key, async (file) => {
        const { digest } = writeArchive(request, file.write);
        // Not later: then another process may have put its own in the place.
        await rememberDigest(file.location, digest);
      });
      const kept = isKept ? find(request.key) : undefined;
      return kept ?? archiveInMemory(request);
    },
  };
}

/**
 * Makes an archive that no file has.
 *
 * @param request - what it is made of
 * @returns the archive, as large as its contents
 */
export function archiveInMemory(request: ArchiveRequest): ClosureArchive {
  const pieces: Uint8Array[] = [];
  const archive = writeArchive(request, (piece) => {
    pieces.push(piece);
  });
  const content = Buffer.concat(pieces).subarray(0, archive.tail.bytes);
  return openArchive(archive, { content });
}

function openArchive(
  { tail, directory: records }: ReadArchive,
  place: { readonly location: string } | { readonly content: Uint8Array },
): ClosureArchive {
  const { bytes, sha256, prefix, distributions } = tail;
  const directory = openDirectory(records);
  const body: SegmentBody =
    'content' in place
      ? place.content
      : { subarray: (start, end) => tryReadPart(place.location, start, end) };
  const segments = distributions.map(({ name, version, end }) => ({
    ...{ name, version, local: false, end, body },
  }));
  const entryOf = ({ entry, offset }: PlacedEntry): ArtifactEntry => {
    const segment = segments.find(({ end }) => offset < end);
    if (segment === undefined) throw new Error(`${entry.path} is in no wheel`);
    return {
      segment,
      entry: {
        ...entry,
        path: entry.path.slice(prefix.length),
        // An entry's bytes are those that end where it ends: of its local header, the prefix is none of them.
        offset: offset + Buffer.byteLength(prefix),
      },
    };
  };
  return {
    contents: { bytes, sha256, ...place },
    directory,
    distributions,
    uncompiled: tail.uncompiled,
    services: tail.services,
    find: (path) => {
      const found = directory.find(prefix + path);
      return found === undefined ? undefined : entryOf(found);
    },
    entries: () => directory.entries().map(entryOf),
    leftOut: () =>
      new Map(JSON.parse(tail.leftOut) as [string, readonly string[]][]),
  };
}

function tryReadPart(location: string, start: number, end: number): Uint8Array {
  try {
    return readPart(location, start, end - start);
  } catch {
    throw new UnusableArchiveError();
  }
}
