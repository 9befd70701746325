import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { artifactOptionsOf } from '../../workspace/artifact-options';
import { findRuntime } from '../../workspace/runtimes';
import type { Runtime } from '../../workspace/runtimes';
import type { Service } from '../../workspace/service';
import type { Distribution } from '../distribution';
import { archiveInMemory } from '../archive-cache';
import type { ClosureArchive } from '../archive-cache';
import { artifactContents } from '../artifact-contents';
import type { ArtifactContents } from '../artifact-contents';
import { entriesOf, mergeEntries } from '../merge-segments';
import type { ArtifactEntry } from '../merge-segments';
import { encodeSegment } from '../encode-segment';
import type { Segment } from '../segment';

/** File contents by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A distribution with these files. */
export function sampleDistribution(
  name: string,
  files: Files,
  rest: Partial<Distribution> = {},
): Distribution {
  return {
    name,
    version: '1.0',
    local: false,
    files: Object.entries(files).map(([path, content]) => ({
      path,
      read: () => Buffer.from(content),
    })),
    ...rest,
  };
}

/** The artifact's entries of distributions, given as files by distribution name. */
export function sampleEntries(
  distributions: Readonly<Record<string, Files>>,
): ArtifactEntry[] {
  return [...mergeEntries(entriesOf(sampleSegments(distributions)))];
}

/** Distributions, given as files by name, as segments; the service `orders` is of the workspace. */
export function sampleSegments(
  distributions: Readonly<Record<string, Files>>,
): Segment[] {
  return Object.entries(distributions).map(([name, files]) =>
    encodeSegment(
      sampleDistribution(name, files, { local: name === 'orders' }),
    ),
  );
}

/** The archive of a closure that is held whole. */
export function sampleArchive(
  segments: readonly Segment[],
  prefix = '',
): ClosureArchive {
  const entries = mergeEntries(entriesOf(segments));
  return archiveInMemory({ key: '', segments, entries, prefix });
}

/** What an artifact of segments holds: all of them. */
export function contentsOf(segments: readonly Segment[]): ArtifactContents {
  const local = segments.filter((segment) => segment.local);
  return artifactContents(
    sampleArchive(segments.filter((segment) => !segment.local)),
    local,
    entriesOf(local),
  );
}

/** What an artifact of distributions holds, given as files by distribution name. */
export function sampleContents(
  distributions: Readonly<Record<string, Files>>,
): ArtifactContents {
  return contentsOf(sampleSegments(distributions));
}

/** A runtime that is known to exist. */
export function sampleRuntime(identifier = 'python3.13'): Runtime {
  const runtime = findRuntime(identifier);
  if (runtime === undefined) throw new Error(`no runtime ${identifier}`);
  return runtime;
}

/** A service `orders` in `services/orders`. */
export function sampleService(rest: Partial<Service> = {}): Service {
  return {
    projectName: 'orders',
    packageName: 'orders',
    projectRoot: 'services/orders',
    handler: 'orders.handler.handler',
    layers: [],
    runtime: sampleRuntime(),
    architecture: 'x86_64',
    artifact: artifactOptionsOf({ bytecode: false }),
    ...rest,
  };
}

/** The start of an ELF file, little-endian, for a machine. */
export function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01\x01', 'latin1');
  header.writeUInt16LE(machine, 18);
  return header;
}

/** Makes temporary folders, which are removed after each test. */
export function useTemporaryFolders(): (files?: Files) => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return (files = {}) => {
    const folder = mkdtempSync(join(tmpdir(), 'lambda-py-artifact-'));
    folders.push(folder);
    writeFiles(folder, files);
    return folder;
  };
}

/** Writes files into a folder. */
export function writeFiles(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}
