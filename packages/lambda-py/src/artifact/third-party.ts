import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { requireLockFile } from '../workspace/requirements';
import { openArtifactCache, contentKey } from './artifact-cache';
import { ahead } from './ahead';
import {
  closureIdentity,
  neededRequirements,
  targetParts,
} from './closure-identity';
import type { ClosureRequest } from './closure-identity';
import { startDeflateWorkers } from './deflate-workers';
import { tidyDistribution } from './distribution';
import type { Distribution } from './distribution';
import { indexParts } from './index-parts';
import { installClosure } from './install-closure';
import { readInstalledDistributions } from './installed-distributions';
import { requireHashes } from './required-hashes';
import { requirementOf } from './requirements-list';
import type { Requirement } from './requirements-list';
import { loadJson, storeJson } from './sealed-json';
import { encodeEarly, encodeHugeEarly } from './encode-content';
import { encodeSegment, encodeSegmentInParallel } from './encode-segment';
import type { Segment } from './segment';
import { openSegmentCache } from './segment-cache';
import { linesForWheels } from './wheel-hashes';
import { inWorkFolder } from './work-folder';

/**
 * The segments of a locked closure.
 *
 * Which requirements apply to the target, and in which wheel, is uv's to say. It is asked once: what it installed for
 * these requirements and this target is kept as a list of segment keys, so that a closure whose segments are all in
 * the cache is planned from requirements.txt alone.
 *
 * @param request - the closure
 * @returns its segments, sorted by name
 * @throws a LambdaPyError when something has no hash, or cannot be installed for the target
 */
export async function thirdPartySegments(
  request: ClosureRequest,
): Promise<Segment[]> {
  const { workspaceRoot, requirementsFile } = request;
  const requirements = neededRequirements(request);
  if (requirements.length === 0) return [];
  const segments = openSegmentCache(workspaceRoot);
  const closures = openArtifactCache(workspaceRoot, 'closures');
  const closureKey = contentKey('closure', ...closureIdentity(request));
  const keys = loadJson(closures, closureKey) as string[] | undefined;
  const known = keys?.map((key) => segments.load(key));
  if (known?.every((segment) => segment !== undefined)) return known;
  requireHashes(
    requirements,
    relative(workspaceRoot, requirementsFile),
    request.target,
  );
  return inWorkFolder(workspaceRoot, async (work) => {
    const folders = await installParts(work, requirements, request);
    const made = await makeSegments(work, folders, requirements, request);
    storeJson(
      closures,
      closureKey,
      made.map(({ key }) => key),
    );
    const all: Segment[] = [];
    // One by one: what the disk has refused to keep is made again.
    for (const { segment } of made) all.push(await segment());
    return all;
  });
}

/** Installs a closure, each part that another index has into a folder of its own: uv removes what it is not told of. */
async function installParts(
  work: string,
  requirements: readonly Requirement[],
  request: ClosureRequest,
): Promise<readonly string[]> {
  const lock = requireLockFile(request.workspaceRoot);
  const parts = indexParts(request.workspaceRoot, requirements);
  const folders: string[] = [];
  for (const [position, part] of parts.entries()) {
    const folder = join(work, `installed-${position}`);
    // Where nothing applies to the target, uv makes none.
    mkdirSync(folder);
    const requirementsFile = join(work, `requirements-${position}.txt`);
    writeFileSync(
      requirementsFile,
      linesForWheels(lock, part.requirements)
        .map((line) => `${line}\n`)
        .join(''),
    );
    await installClosure({
      ...request,
      names: part.requirements.flatMap(({ name }) => name ?? []),
      ...(part.index === undefined ? {} : { index: part.index }),
      folder,
      requirementsFile,
    });
    folders.push(folder);
  }
  return folders;
}

interface MadeSegment {
  readonly key: string;
  /** Reads it, or makes it anew where it could not be kept: while others are made, it is not in memory. */
  readonly segment: () => Promise<Segment>;
}

/** How many distributions are compiled before they are deflated: more would only take memory. */
const COMPILED_AHEAD = 2;

/**
 * Makes what the cache lacks. One distribution is deflated while the next ones are compiled, in other processes; not all
 * at once, since their files would then all be in memory.
 */
async function makeSegments(
  work: string,
  folders: readonly string[],
  requirements: readonly Requirement[],
  request: ClosureRequest,
): Promise<MadeSegment[]> {
  const segments = openSegmentCache(request.workspaceRoot);
  const workers = startDeflateWorkers(work);
  const { bytecode } = request;
  const compile = async (
    installed: Distribution,
  ): Promise<{ made: MadeSegment; complete?: Distribution }> => {
    const key = segmentKey(requirements, installed, request);
    const distribution = tidyDistribution(installed);
    const segment = async (): Promise<Segment> =>
      segments.load(key) ??
      // The disk has refused it, or somebody has removed the cache meanwhile.
      encodeSegment(await bytecode.addTo(distribution));
    const made = { key, segment };
    if (segments.load(key) !== undefined) return { made };
    // What is deflated while other sources are compiled need not wait in memory.
    const complete = await bytecode.addTo(
      encodeHugeEarly(workers, distribution),
      (content) => encodeEarly(workers, content),
    );
    return { made, complete };
  };
  try {
    const all: MadeSegment[] = [];
    for await (const { made, complete } of ahead(
      readAll(folders),
      compile,
      COMPILED_AHEAD,
    )) {
      if (complete !== undefined) {
        await segments.store(made.key, (write) =>
          encodeSegmentInParallel(complete, workers, write),
        );
      }
      all.push(made);
    }
    return all;
  } finally {
    await workers.stop();
  }
}

/** Sorted by name, wherever they stand. */
function readAll(folders: readonly string[]): readonly Distribution[] {
  return folders
    .flatMap(readInstalledDistributions)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function segmentKey(
  requirements: readonly Requirement[],
  { name, version }: Distribution,
  request: ClosureRequest,
): string {
  const requirement = requirementOf(requirements, name, version);
  const identity =
    requirement === undefined
      ? requirements.map(({ line }) => line)
      : [requirement.identity];
  return contentKey(
    'segment',
    name,
    version,
    ...targetParts(request),
    ...identity,
  );
}
