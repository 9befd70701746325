import { memberOf } from '../workspace/lock-file';
import type { LockedMember, LockFile } from '../workspace/lock-file';
import { requireLockFile } from '../workspace/requirements';
import { readArtifactProject } from '../workspace/service';
import type { Layer, Service } from '../workspace/service';
import type { ArtifactContents } from './artifact-contents';
import { closureParts } from './closure-parts';
import { gapWarnings, layerGaps } from './layer-gaps';
import { requireLayersAgree } from './layer-overlaps';
import { layersError } from './layers-error';
import type { LayerSize } from './limits';
import { unzippedBytes } from './manifest';
import { planArtifact } from './plan-artifact';
import type { Requirement } from './requirements-list';
import { withArchive } from './unusable-archive-error';

/** A distribution that a layer holds. */
interface HeldDistribution {
  readonly layer: string;
  readonly version: string;
  /** The layer's locked requirements of that name; none for a library of the workspace. */
  readonly lines: readonly string[];
}

/** What the layers of a service hold. */
export interface LayerHoldings {
  /** In the service's order. */
  readonly layers: readonly LayerSize[];
  /** What they hold with all that the service would pack of it, by PEP 503 name. */
  readonly held: ReadonlyMap<string, HeldDistribution>;
  /** All that each of them holds, by the layer's name, in the service's order. */
  readonly contents: ReadonlyMap<string, ArtifactContents>;
}

/** Where artifacts are packed. */
export interface PackPlace {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** Where artifacts go, which is no source: an absolute path. */
  readonly outputFolder: string;
  /** The folders of all Nx projects, relative to the workspace root. */
  readonly projectFolders?: ReadonlySet<string>;
  /** After how many seconds uv is stopped; never when left out. */
  readonly timeout?: number;
  /** Told of what a layer holds in part. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Finds out what the layers of a service hold, as packing them would find it: their artifacts need not be there.
 *
 * @param place - where the service is packed
 * @param service - the service
 * @returns what need not go into its zip
 * @throws a LambdaPyError when a layer does not fit the service, or holds other versions than it is locked to, or other files
 * than another layer
 */
export async function layerHoldings(
  place: PackPlace,
  service: Service,
): Promise<LayerHoldings> {
  if (service.layers.length === 0) {
    return { layers: [], held: new Map(), contents: new Map() };
  }
  const lock = requireLockFile(place.workspaceRoot);
  const held = new Map<string, HeldDistribution>();
  const whole = new Set<string>();
  const layers: LayerSize[] = [];
  const contentsOfLayers = new Map<string, ArtifactContents>();
  for (const name of service.layers) {
    const layer = requireLayer(place.workspaceRoot, lock, service, name);
    const { closure, contents } = await withArchive((isArchiveUsed) =>
      planArtifact({
        ...place,
        project: layer,
        codeRoot: '/opt/python',
        isArchiveUsed,
        // The service's error tells what its layers add up to.
        mayExceedLimit: true,
      }),
    );
    contentsOfLayers.set(name, contents);
    const { distributions } = contents;
    layers.push({ name, unzippedBytes: unzippedBytes(distributions) });
    const gaps = await layerGaps(contents, layer, service);
    gapWarnings(name, service, gaps).forEach((warning) => {
      place.onWarning?.(warning);
    });
    for (const distribution of distributions) {
      if (!gaps.has(distribution.name)) whole.add(distribution.name);
      const one = {
        layer: name,
        version: distribution.version,
        lines: linesOf(closure.requirements, distribution.name),
      };
      requireAgreement(service, distribution.name, held, one);
      held.set(distribution.name, one);
    }
  }
  requireLayersAgree(service, contentsOfLayers);
  requireNotItself(service, held);
  const { requirements } = closureParts(place.workspaceRoot, service);
  requireLockedVersions(service, requirements, held);
  return {
    layers,
    held: new Map([...held].filter(([name]) => whole.has(name))),
    contents: contentsOfLayers,
  };
}

function requireLayer(
  workspaceRoot: string,
  lock: LockFile,
  service: Service,
  name: string,
): Layer {
  const member = findMember(lock, name);
  const { layer } =
    member === undefined
      ? {}
      : readArtifactProject(workspaceRoot, member.projectRoot);
  if (layer === undefined) {
    throw layersError(service, {
      problem:
        member === undefined
          ? `the workspace has no layer ${name}`
          : `${name} is not a layer`,
      found: name,
      expected: 'the name of a project whose [tool.lambda-py] has layer = true',
      mend:
        member === undefined
          ? `correct the name; or "nx g lambda-py:layer ${name}", and "uv lock" where the project is there`
          : `add "layer = true" to [tool.lambda-py] in ${member.projectRoot}/pyproject.toml, or remove it from "layers"`,
    });
  }
  const target = ({ runtime, architecture }: Layer): string =>
    `${runtime.identifier} on ${architecture}`;
  if (target(layer) === target(service)) return layer;
  throw layersError(service, {
    problem: `the layer ${name} is packed for another platform than ${service.projectName}`,
    found: target(layer),
    expected: target(service),
    mend: `give ${layer.projectRoot}/pyproject.toml and ${service.projectRoot}/pyproject.toml the same runtime and architecture`,
  });
}

function findMember(lock: LockFile, name: string): LockedMember | undefined {
  return lock.packages.get(name)?.map(memberOf).find(Boolean);
}

/** Lambda lays layers over each other: of two versions, a mixture would be left. */
function requireAgreement(
  service: Service,
  name: string,
  held: LayerHoldings['held'],
  { layer, version }: HeldDistribution,
): void {
  const earlier = held.get(name);
  if (earlier === undefined || earlier.version === version) return;
  throw layersError(service, {
    problem: 'two layers hold different versions of the same distribution',
    found: `${name} ${earlier.version} in ${earlier.layer}, ${name} ${version} in ${layer}`,
    mend: 'lock both layers to one version, or use only one of them',
  });
}

function requireNotItself(service: Service, held: LayerHoldings['held']): void {
  const own = held.get(service.projectName);
  if (own === undefined) return;
  throw layersError(service, {
    problem: `the layer ${own.layer} holds the service itself`,
    found: service.projectName,
    mend: `remove ${service.projectName} from what ${own.layer} depends on`,
  });
}

/**
 * Checks that a service would get from its layers what it is locked to.
 *
 * @param service - the service
 * @param requirements - its locked requirements
 * @param held - what its layers hold
 * @throws a LambdaPyError that names each distribution of which the versions differ
 */
export function requireLockedVersions(
  service: Service,
  requirements: readonly Requirement[],
  held: LayerHoldings['held'],
): void {
  const differing = [...held].flatMap(([name, one]) => {
    const own = requirements.filter((requirement) => requirement.name === name);
    if (own.length === 0) return [];
    // Of the same requirements, the same one applies: layer and service are for the same platform.
    const isSame =
      linesOf(own, name).join('\n') === one.lines.join('\n') ||
      own.every(({ version }) => version === one.version);
    if (isSame) return [];
    const versions = own.map(({ version, line }) => version ?? line);
    return `${name} ${one.version} in ${one.layer}, but ${name} ${versions.join(' or ')} in ${service.projectRoot}/requirements.txt`;
  });
  if (differing.length === 0) return;
  throw layersError(service, {
    problem: `a layer holds other versions than ${service.projectName} is locked to`,
    found: differing.join('; '),
    expected: 'one version for both',
    mend: 'give both the same version bounds ("uv add --package"), and see what [tool.uv] conflicts keeps apart; then "nx sync"',
  });
}

function linesOf(
  requirements: readonly Requirement[],
  name: string,
): readonly string[] {
  return requirements
    .filter((requirement) => requirement.name === name)
    .map(({ line }) => line)
    .sort();
}
