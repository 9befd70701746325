import type { PackedProject } from '../workspace/service';
import { contentKey, openArtifactCache } from './artifact-cache';
import { buildBom } from './cyclonedx';
import { parseCoreMetadata } from './core-metadata';
import type { CoreMetadata } from './core-metadata';
import type { ArtifactEntry } from './merge-segments';
import { requirementOf } from './requirements-list';
import type { Requirement } from './requirements-list';
import { seal, unseal } from './sealed-file';
import { entryContent } from './segment';
import type { Segment } from './segment';

/** A distribution as a software bill of materials lists it. */
export interface BomDistribution extends CoreMetadata {
  /** PEP 503 name. */
  readonly name: string;
  readonly version: string;
  /** Not of the workspace, and not locked by URL or path. */
  readonly isFromIndex: boolean;
}

/** The version of all that makes a bill of materials. Raise it with any change to it, so that none is taken from the cache. */
const BOM_FORMAT = 2;

/**
 * The software bill of materials of an artifact: exactly the distributions that it holds.
 *
 * `uv export --format cyclonedx1.5` would not do (uv 0.13): it lists what any platform needs, has a random serial
 * number and a time, and names the files of the index that happened to be used.
 *
 * A change of a line changes nothing in it, so it is kept, and the library that writes it is seldom loaded.
 *
 * @param workspaceRoot - absolute path
 * @param project - the service or the layer
 * @param entries - what the artifact holds
 * @param requirements - the locked closure, which says where a distribution is from
 * @returns the file's content: CycloneDX in JSON
 */
export async function describeBom(
  workspaceRoot: string,
  project: PackedProject,
  entries: readonly ArtifactEntry[],
  requirements: readonly Requirement[],
): Promise<Uint8Array> {
  const held = heldDistributions(entries);
  const isFromIndex = ({ local, name, version }: Segment): boolean =>
    !local && requirementOf(requirements, name, version)?.version !== undefined;
  const cache = openArtifactCache(workspaceRoot, 'sboms');
  const key = contentKey(
    'sbom',
    String(BOM_FORMAT),
    project.projectName,
    ...held.flatMap(({ name, segment, metadata }) => [
      name,
      segment.version,
      String(isFromIndex(segment)),
      String(metadata?.entry.checksum),
    ]),
  );
  const file = cache.load(key);
  const known = file === undefined ? undefined : unseal(file);
  if (known !== undefined) return known;
  const distributions = held.map(
    ({ name, segment, metadata }): BomDistribution => ({
      name,
      version: segment.version,
      isFromIndex: isFromIndex(segment),
      ...parseCoreMetadata(metadata === undefined ? '' : textOf(metadata)),
    }),
  );
  const content = Buffer.from(
    await buildBom(project.projectName, distributions),
  );
  cache.store(key, ...seal(content));
  return content;
}

/** A distribution of the artifact, and the entry that describes it. */
interface HeldDistribution extends Pick<ArtifactEntry, 'segment'> {
  readonly name: string;
  readonly metadata: ArtifactEntry | undefined;
}

function heldDistributions(
  entries: readonly ArtifactEntry[],
): readonly HeldDistribution[] {
  const held = new Map<string, HeldDistribution>();
  for (const one of entries) {
    const { segment, entry } = one;
    const { name } = segment;
    const known = held.get(name);
    if (entry.path.endsWith('.dist-info/METADATA')) {
      held.set(name, { name, segment, metadata: known?.metadata ?? one });
    } else if (known === undefined) {
      held.set(name, { name, segment, metadata: undefined });
    }
  }
  return [...held.values()].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

function textOf({ segment, entry }: ArtifactEntry): string {
  return Buffer.from(entryContent(segment, entry)).toString();
}

/**
 * The file name of an artifact's bill of materials.
 *
 * @param projectName - the service's or the layer's
 * @returns for instance `orders.sbom.json`
 */
export function bomName(projectName: string): string {
  return `${projectName}.sbom.json`;
}
