import type { Architecture } from '../workspace/runtimes';
import type { PackedProject } from '../workspace/service';
import type { LayerSize } from './limits';
import type { ArtifactEntry } from './merge-segments';
import type { WrittenZip } from './write-zip';

/** A distribution in an artifact. */
export interface ManifestDistribution {
  /** PEP 503 name. */
  readonly name: string;
  readonly version: string;
  /** Of the workspace, and not from an index. */
  readonly local: boolean;
  /** The bytes of its files. */
  readonly bytes: number;
  /** The bytes of its files as kept in the zip, headers not counted. */
  readonly compressedBytes: number;
}

/** A distribution as an artifact holds it. */
export interface HeldDistribution extends ManifestDistribution {
  /** The file that describes it, where it has one; the checksum is the CRC-32 of its content. */
  readonly metadata?: { readonly path: string; readonly checksum: number };
}

/** What an artifact is: written beside it as `<name>.manifest.json`. The same artifact has the same manifest. */
export interface Manifest {
  /** The project name of the service or the layer. */
  readonly name: string;
  /** The zip's file name, beside the manifest. */
  readonly zip: string;
  /** A layer has none. */
  readonly handler?: string;
  /** The layers that the function needs, in the order in which Lambda lays them over each other. */
  readonly layers?: readonly LayerSize[];
  /** Lambda's identifier of the runtime. */
  readonly runtime: string;
  readonly architecture: Architecture;
  /** The full version of the Python that compiled the bytecode, `3.13.5`; none where there is no bytecode. */
  readonly bytecodePython?: string;
  readonly zipBytes: number;
  readonly unzippedBytes: number;
  /** The zip's SHA-256 in hex. */
  readonly sha256: string;
  /**
   * The zip's SHA-256 in base64, as Lambda's `CodeSha256` has it:
   * https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html
   */
  readonly codeSha256: string;
  /** Sorted by name. */
  readonly distributions: readonly ManifestDistribution[];
}

// https://packaging.python.org/en/latest/specifications/recording-installed-packages/
const METADATA = /^[^/]+\.dist-info\/METADATA$/;

/**
 * Sums the entries up by distribution.
 *
 * @param entries - what the artifact holds
 * @returns the distributions, sorted by name
 */
export function sumDistributions(
  entries: readonly ArtifactEntry[],
): HeldDistribution[] {
  const sums = new Map<string, HeldDistribution>();
  for (const { segment, entry } of entries) {
    const { name, version, local } = segment;
    const sum = sums.get(name);
    const { path, checksum } = entry;
    const metadata =
      sum?.metadata ?? (METADATA.test(path) ? { path, checksum } : undefined);
    sums.set(name, {
      name,
      version,
      local,
      bytes: (sum?.bytes ?? 0) + entry.bytes,
      compressedBytes: (sum?.compressedBytes ?? 0) + entry.compressedBytes,
      ...(metadata === undefined ? {} : { metadata }),
    });
  }
  return [...sums.values()].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

/**
 * Describes an artifact.
 *
 * @param project - the service or the layer that it was made from
 * @param distributions - what it holds
 * @param zip - what was written
 * @param rest - handler and layers of a service, and what compiled the bytecode, if anything did
 * @returns the manifest
 */
export function describeArtifact(
  project: PackedProject,
  distributions: readonly HeldDistribution[],
  zip: WrittenZip,
  {
    handler,
    layers = [],
    bytecodePython,
  }: Pick<Manifest, 'handler' | 'layers' | 'bytecodePython'> = {},
): Manifest {
  return {
    name: project.projectName,
    zip: zipName(project.projectName),
    ...(handler === undefined ? {} : { handler }),
    runtime: project.runtime.identifier,
    architecture: project.architecture,
    ...(layers.length === 0 ? {} : { layers }),
    ...(bytecodePython === undefined ? {} : { bytecodePython }),
    zipBytes: zip.bytes,
    unzippedBytes: unzippedBytes(distributions),
    sha256: zip.sha256.toString('hex'),
    codeSha256: zip.sha256.toString('base64'),
    distributions: distributions.map(
      ({ name, version, local, bytes, compressedBytes }) => ({
        name,
        version,
        local,
        bytes,
        compressedBytes,
      }),
    ),
  };
}

/**
 * The size of an artifact when Lambda has unzipped it.
 *
 * @param distributions - what it holds
 * @returns the sum of their bytes
 */
export function unzippedBytes(
  distributions: readonly ManifestDistribution[],
): number {
  return distributions.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * The file name of an artifact's zip.
 *
 * @param projectName - the service's
 * @returns for instance `orders.zip`
 */
export function zipName(projectName: string): string {
  return `${projectName}.zip`;
}

/**
 * The file name of an artifact's manifest.
 *
 * @param projectName - the service's
 * @returns for instance `orders.manifest.json`
 */
export function manifestName(projectName: string): string {
  return `${projectName}.manifest.json`;
}
