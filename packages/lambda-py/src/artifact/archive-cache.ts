import type { Hash } from 'node:crypto';
import { openArtifactCache } from './artifact-cache';
import { readArchive, writeArchive } from './archive-file';
import type { ArchiveRequest, ArchiveTail } from './archive-file';
import { readCheckedContents, rememberDigest } from './archive-digest';
import type { HeldDistribution } from './manifest';
import type { ArtifactEntry } from './merge-segments';
import type { UncompiledFile } from './distribution';
import { openDirectory } from './zip-directory';
import type { ZipDirectory } from './zip-directory';
import type { PlacedEntry } from './zip-format';

/** What the zip of an artifact starts with. */
export interface ArchivedContents {
  readonly bytes: number;
  /** The SHA-256 of these bytes in hex. */
  readonly sha256: string;
  /** The file of the cache that starts with them: an absolute path. None where the disk refused one. */
  readonly location?: string;
  /** Reads them; throws an {@link UnusableArchiveError} where they are not what they were. */
  readonly read: () => Uint8Array;
}

/** What an artifact holds of its locked closure, ready to be the start of its zip. */
export interface ClosureArchive {
  readonly contents: ArchivedContents;
  /** The records of its entries, as they are in the zip. */
  readonly directory: ZipDirectory;
  /** In the order of the contents. */
  readonly distributions: readonly HeldDistribution[];
  /** The sources that do not compile for the target. */
  readonly uncompiled: readonly (UncompiledFile & { readonly name: string })[];
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
  readonly make: (
    key: string,
    request: Omit<ArchiveRequest, 'key'>,
  ) => Promise<ClosureArchive>;
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
    const { tail, directory } = read;
    return openArchive(tail, directory, location, () =>
      readCheckedContents({ ...tail, location }),
    );
  };
  return {
    find,
    make: async (key, request) => {
      let digest: Hash | undefined;
      const isKept = await files.storeInPieces(key, ({ write }) => {
        ({ digest } = writeArchive({ ...request, key }, write));
        return Promise.resolve();
      });
      const kept = isKept ? find(key) : undefined;
      if (kept?.contents.location === undefined || digest === undefined) {
        return archiveInMemory(key, request);
      }
      // Where it has gone again, whoever copies it will say so.
      await rememberDigest(kept.contents.location, digest).catch(
        () => undefined,
      );
      return kept;
    },
  };
}

/**
 * Makes an archive that no file has.
 *
 * @param key - what it would be kept under
 * @param request - what it is made of
 * @returns the archive, as large as its contents
 */
export function archiveInMemory(
  key: string,
  request: Omit<ArchiveRequest, 'key'>,
): ClosureArchive {
  const pieces: Uint8Array[] = [];
  const { tail, directory } = writeArchive({ ...request, key }, (piece) => {
    pieces.push(piece);
  });
  const contents = Buffer.concat(pieces).subarray(0, tail.bytes);
  return openArchive(tail, directory, undefined, () => contents);
}

function openArchive(
  tail: ArchiveTail,
  records: Buffer,
  location: string | undefined,
  read: () => Uint8Array,
): ClosureArchive {
  const { bytes, sha256, prefix, distributions, uncompiled } = tail;
  const directory = openDirectory(records);
  let kept: Uint8Array | undefined;
  const segments = distributions.map(({ name, version, end }) => ({
    ...{ name, version, local: false, end },
    get body() {
      return (kept ??= read());
    },
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
    contents: {
      bytes,
      sha256,
      read: () => (kept ??= read()),
      ...(location === undefined ? {} : { location }),
    },
    directory,
    distributions,
    uncompiled,
    find: (path) => {
      const found = directory.find(prefix + path);
      return found === undefined ? undefined : entryOf(found);
    },
    entries: () => directory.entries().map(entryOf),
    leftOut: () =>
      new Map(JSON.parse(tail.leftOut) as [string, readonly string[]][]),
  };
}
