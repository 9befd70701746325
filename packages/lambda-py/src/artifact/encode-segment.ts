import type { DeflateWorkers } from './deflate-workers';
import type { Distribution, DistributionFile } from './distribution';
import { encodeContent, encodeContentIn } from './encode-content';
import type { EncodedContent } from './encode-content';
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
    body.add(path, encodeContent(read()));
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
 * @param write - takes the body, piece by piece: the same bytes; a piece is not to be read any more when it returns
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
    const content = file.early ?? encodeContentIn(workers, file);
    const earlier = written;
    written = Promise.all([content, earlier]).then(([encoded]) => {
      body.add(file.path, encoded);
    });
    // It may fail before it is waited for.
    written.catch(() => undefined);
  }
  await written;
  return describeSegment(distribution, body.entries);
}

/** Writes entries, each with its local header, and notes where they are. */
function startBody(write: (piece: Uint8Array) => void): {
  readonly add: (path: string, encoded: EncodedContent) => void;
  readonly entries: readonly SegmentEntry[];
} {
  const entries: SegmentEntry[] = [];
  let offset = 0;
  return {
    add: (path, { description, kept }) => {
      const entry = { path, ...description, offset };
      entries.push(entry);
      write(localHeader(entry));
      if (typeof kept === 'function') kept(write);
      else write(kept);
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

function sortedFiles({ files }: Distribution): readonly DistributionFile[] {
  return [...files].sort((one, other) =>
    one.path < other.path ? -1 : one.path > other.path ? 1 : 0,
  );
}
