import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { LambdaPyError } from '../workspace/errors';
import type { PackedProject } from '../workspace/service';
import type { ClosureArchive } from './archive-cache';
import { checkedDigest, fileIdentity } from './archive-digest';
import { requireArchitecture } from './architecture-guard';
import { requireBudget, requireUnzippedLimit } from './limits';
import {
  describeArtifact,
  manifestName,
  unzippedBytes,
  zipName,
} from './manifest';
import type { Manifest } from './manifest';
import { openPendingFile } from './pending-file';
import type { PendingFile } from './pending-file';
import type { Plan } from './plan-artifact';
import { bomName, describeBom } from './sbom';
import { adviseOnSize } from './size-advice';
import { renderSizeReport, reportName } from './size-report';
import { UnusableArchiveError } from './unusable-archive-error';
import { writeZip } from './write-zip';

/** What to write, and where to. */
export interface WriteRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly project: PackedProject;
  /** Where zip, manifest, bill of materials and report go: an absolute path. */
  readonly outputFolder: string;
  /** Whether the treemap of what fills the zip is wanted. */
  readonly report: boolean;
  readonly plan: Plan;
  /** What of the manifest a service has, and a layer has not. */
  readonly serviceFacts: Pick<Manifest, 'handler' | 'layers'>;
  /** A check that takes its time and is made while the zip is written. */
  readonly check: () => Promise<void>;
}

/**
 * Checks what Lambda would refuse, and writes the zip and what stands beside it: whole or not at all; an earlier output
 * stays until then.
 *
 * @param request - see {@link WriteRequest}
 * @returns the manifest of the artifact
 * @throws a LambdaPyError when something is wrong that the user can mend
 */
export async function writeArtifact({
  workspaceRoot,
  project,
  outputFolder,
  report,
  plan,
  serviceFacts,
  check,
}: WriteRequest): Promise<Manifest> {
  const { contents, prefix } = plan;
  const { archive, local, distributions } = contents;
  const { projectName } = project;
  const advise = (): Promise<readonly string[]> =>
    adviseOnSize(project, contents.entries());
  const requireWithinBudget = (
    kind: 'zip' | 'unzipped',
    bytes: number,
  ): Promise<void> =>
    requireBudget(project, kind, bytes, distributions, advise);
  requireArchitecture(local, project.architecture);
  await requireUnzippedLimit(distributions, serviceFacts.layers ?? [], advise);
  await requireWithinBudget('unzipped', unzippedBytes(distributions));
  const place = (name: string): string => join(outputFolder, name);
  [zipName, manifestName, bomName, reportName]
    .map((nameOf) => place(nameOf(projectName)))
    .forEach(requireNoFolder);
  const zipFile = openPendingFile(place(zipName(projectName)));
  try {
    // Not at once: first the guard's interpreter is started, which then runs while this process writes.
    const writing = setImmediate().then(() => {
      const { bytes } = archive.contents;
      const written = copyContents(archive, zipFile);
      const start = { ...archive, bytes, written };
      return writeZip(start, local, zipFile.append, prefix);
    });
    const checking = check();
    const describing = describeBom(
      workspaceRoot,
      project,
      contents,
      plan.closure.requirements,
    );
    // The file is not closed while it is written, whatever the check says.
    await Promise.allSettled([writing, checking, describing]);
    const [zip, , bom] = await Promise.all([writing, checking, describing]);
    await requireWithinBudget('zip', zip.bytes);
    const manifest = describeArtifact(project, distributions, zip, {
      ...serviceFacts,
      ...plan,
    });
    const besides = new Map<string, Uint8Array>([
      [
        manifestName(projectName),
        Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
      ],
      [bomName(projectName), bom],
    ]);
    if (report) {
      besides.set(
        reportName(projectName),
        Buffer.from(await renderSizeReport(project, contents.entries())),
      );
    }
    await commitTogether(
      zipFile,
      [...besides]
        .filter(([name, content]) => !isThere(place(name), content))
        .map(([name, content]) => ({
          file: openPendingFile(place(name)),
          content,
        })),
    );
    // One of an earlier pack would tell of another zip.
    if (!report) rmSync(place(reportName(projectName)), { force: true });
    return manifest;
  } finally {
    zipFile.discard();
  }
}

/** The file system copies what the cache has, while this process digests it. */
async function copyContents(
  { contents }: ClosureArchive,
  zipFile: PendingFile,
): Promise<Hash> {
  if ('content' in contents) {
    await zipFile.append(contents.content);
    return createHash('sha256').update(contents.content);
  }
  const { location, bytes } = contents;
  const before = await fileIdentity(location);
  const [copied, digested] = await Promise.allSettled([
    zipFile.startWith(location, bytes),
    checkedDigest(contents),
  ]);
  // Whatever the copy says: it is of no use.
  if (digested.status === 'rejected') throw digested.reason;
  const { digest, identity } = digested.value;
  // What was copied is what was digested, unless another process has put another archive in its place.
  const isSameFile = [before, await fileIdentity(location)].every(
    (found) => found === identity,
  );
  if (!isSameFile) throw new UnusableArchiveError();
  if (copied.status === 'rejected') throw copied.reason;
  return digest;
}

/** Nothing can be renamed over a folder: of files that are renamed one by one, some would be there, and some not. */
function requireNoFolder(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    return;
  throw new LambdaPyError({
    file: path,
    problem: 'a folder is in the place of a file that pack writes',
    mend: 'remove that folder',
  });
}

/** A file that is the same already need not be written. */
function isThere(path: string, content: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(content);
  } catch {
    return false;
  }
}

/** Nothing but renames is left to do when the first of the files appears. */
async function commitTogether(
  zipFile: PendingFile,
  besides: readonly { file: PendingFile; content: Uint8Array }[],
): Promise<void> {
  try {
    for (const { file, content } of besides) file.write(content);
    await zipFile.commitLarge();
    for (const { file } of besides) file.commit();
  } finally {
    for (const { file } of besides) file.discard();
  }
}
