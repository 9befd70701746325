import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { runtimeMembers } from '../workspace/closure';
import {
  requireFreshRequirements,
  requireLockFile,
} from '../workspace/requirements';
import { deprecationWarning } from '../workspace/runtimes';
import type { Service } from '../workspace/service';
import { requireArchitecture } from './architecture-guard';
import { explainDiskError } from './disk-error';
import { requireHandler } from './handler-guard';
import { findHandlerModule } from './handler-source';
import { directUploadWarning, requireUnzippedLimit } from './limits';
import { memberSegment } from './local-members';
import {
  describeArtifact,
  manifestName,
  sumDistributions,
  zipName,
} from './manifest';
import type { Manifest } from './manifest';
import { mergeSegments } from './merge-segments';
import type { ArtifactEntry } from './merge-segments';
import { openPendingFile } from './pending-file';
import type { PendingFile } from './pending-file';
import { thirdPartySegments } from './third-party';
import { writeZip } from './write-zip';

/** What to pack, and where to. */
export interface PackOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly service: Service;
  /** Where zip and manifest go: an absolute path. */
  readonly outputFolder: string;
  /** Told of what the user should know, and pack does not fail for. */
  readonly onWarning?: (message: string) => void;
}

/**
 * Packs a service: plan (which segments), check (what Lambda would refuse), write (zip and manifest, whole or not at
 * all; an earlier output stays until then).
 *
 * @param options - see {@link PackOptions}
 * @returns the manifest of the artifact
 * @throws a LambdaPyError when something is wrong that the user can mend
 */
export async function packService(options: PackOptions): Promise<Manifest> {
  try {
    const entries = await planArtifact(options);
    return await writeArtifact(options, entries);
  } catch (error) {
    throw explainDiskError(error);
  }
}

async function planArtifact({
  workspaceRoot,
  service,
  outputFolder,
}: PackOptions): Promise<ArtifactEntry[]> {
  const requirementsFile = requireFreshRequirements(workspaceRoot, service);
  const { projectName, projectRoot } = service;
  const members = [
    { name: projectName, projectRoot },
    ...runtimeMembers(requireLockFile(workspaceRoot), projectName),
  ];
  const local = members.map((member) =>
    memberSegment({ workspaceRoot, member, outputFolder }),
  );
  const [thirdParty, ...own] = await Promise.all([
    thirdPartySegments({ workspaceRoot, requirementsFile, target: service }),
    ...local,
  ]);
  return mergeSegments([...thirdParty, ...own]);
}

async function writeArtifact(
  { workspaceRoot, service, outputFolder, onWarning }: PackOptions,
  entries: readonly ArtifactEntry[],
): Promise<Manifest> {
  const distributions = sumDistributions(entries);
  const handler = findHandlerModule(service, entries);
  requireArchitecture(entries, service.architecture);
  requireUnzippedLimit(distributions);
  const place = (name: string): string => join(outputFolder, name);
  const zipFile = openPendingFile(place(zipName(service.projectName)));
  try {
    const [zip] = await Promise.all([
      // Not at once: first the guard's interpreter is started, which then runs while this process writes.
      setImmediate().then(() => writeZip(entries, zipFile.write)),
      requireHandler(workspaceRoot, service, handler),
    ]);
    const manifest = describeArtifact(service, distributions, zip);
    commitTogether(
      zipFile,
      openPendingFile(place(manifestName(service.projectName))),
      Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
    );
    warn(service, zip.bytes, onWarning);
    return manifest;
  } finally {
    zipFile.discard();
  }
}

/** Nothing but two renames is left to do when the first of the two files appears. */
function commitTogether(
  zipFile: PendingFile,
  manifestFile: PendingFile,
  manifest: Uint8Array,
): void {
  try {
    manifestFile.write(manifest);
    zipFile.commit();
    manifestFile.commit();
  } finally {
    manifestFile.discard();
  }
}

function warn(
  { runtime }: Service,
  zipBytes: number,
  onWarning: PackOptions['onWarning'],
): void {
  const warnings = [
    deprecationWarning(runtime, new Date()),
    directUploadWarning(zipBytes),
  ];
  for (const warning of warnings) {
    if (warning !== undefined) onWarning?.(warning);
  }
}
