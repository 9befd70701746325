import type { PackedProject } from '../workspace/service';
import { contentKey, openArtifactCache } from './artifact-cache';
import { buildBom } from './cyclonedx';
import { parseCoreMetadata } from './core-metadata';
import type { CoreMetadata } from './core-metadata';
import type { ArtifactContents } from './artifact-contents';
import type { HeldDistribution } from './manifest';
import { requirementOf } from './requirements-list';
import type { Requirement } from './requirements-list';
import { seal, unseal } from './sealed-file';
import { entryContent } from './segment';

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
 * @param contents - what the artifact holds
 * @param requirements - the locked closure, which says where a distribution is from
 * @returns the file's content: CycloneDX in JSON
 */
export async function describeBom(
  workspaceRoot: string,
  project: PackedProject,
  contents: ArtifactContents,
  requirements: readonly Requirement[],
): Promise<Uint8Array> {
  const isFromIndex = ({ local, name, version }: HeldDistribution): boolean =>
    !local && requirementOf(requirements, name, version)?.version !== undefined;
  const cache = openArtifactCache(workspaceRoot, 'sboms');
  const key = contentKey(
    'sbom',
    String(BOM_FORMAT),
    project.projectName,
    ...contents.distributions.flatMap((held) => [
      held.name,
      held.version,
      String(isFromIndex(held)),
      String(held.metadata?.checksum),
    ]),
  );
  const file = cache.load(key);
  const known = file === undefined ? undefined : unseal(file);
  if (known !== undefined) return known;
  const distributions = contents.distributions.map((held): BomDistribution => ({
    name: held.name,
    version: held.version,
    isFromIndex: isFromIndex(held),
    ...parseCoreMetadata(metadataOf(contents, held)),
  }));
  const content = Buffer.from(
    await buildBom(project.projectName, distributions),
  );
  cache.store(key, ...seal(content));
  return content;
}

function metadataOf(
  { find }: ArtifactContents,
  { metadata }: HeldDistribution,
): string {
  const found = metadata === undefined ? undefined : find(metadata.path);
  return found === undefined
    ? ''
    : Buffer.from(entryContent(found.segment, found.entry)).toString();
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
