import type { Layer, Service } from '../workspace/service';
import type { ArtifactContents } from './artifact-contents';
import { leftOutBy } from './select-entries';

/**
 * Finds what a service would pack of a layer's distributions, and would miss: files that the layer's `exclude` or
 * `botocore-services` leaves out, and the service's do not. What `strip` of either leaves out is missed by no program.
 *
 * @param contents - what the layer holds
 * @param layer - the layer
 * @param service - the service
 * @returns the paths by PEP 503 name, of the distributions that the layer holds in part
 */
export async function layerGaps(
  { distributions, leftOut }: ArtifactContents,
  layer: Layer,
  service: Service,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const gaps = new Map<string, readonly string[]>();
  const { exclude, botocoreServices } = layer.artifact;
  if (exclude.length === 0 && botocoreServices === undefined) return gaps;
  const isUnread = await leftOutBy({
    ...service.artifact,
    strip: [...layer.artifact.strip, ...service.artifact.strip],
  });
  const held = new Set(distributions.map(({ name }) => name));
  for (const [name, paths] of leftOut()) {
    if (!held.has(name)) continue;
    const missing = paths.filter((path) => isUnread?.(path) !== true);
    if (missing.length > 0) gaps.set(name, missing);
  }
  return gaps;
}

/**
 * Says that a service packs what its layer holds in part.
 *
 * @param layerName - the layer's name
 * @param service - the service
 * @param gaps - see {@link layerGaps}
 * @returns a warning for each distribution
 */
export function gapWarnings(
  layerName: string,
  { projectName }: Service,
  gaps: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  return [...gaps].map(([name, [path = '', ...others]]) => {
    const paths =
      others.length === 0 ? path : `${path} and ${others.length} more`;
    return `${layerName} leaves out files of ${name} (${paths}), so ${projectName} packs ${name} itself; to share it, give both the same "exclude" and "botocore-services"`;
  });
}
