import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { deprecationWarning } from '../workspace/runtimes';
import type { Service } from '../workspace/service';
import { requireArchitecture } from './architecture-guard';
import { withBytecode } from './bytecode';
import type { Bytecode } from './bytecode';
import { closureParts } from './closure-parts';
import { explainDiskError } from './disk-error';
import { requireHandler } from './handler-guard';
import { findHandlerModule } from './handler-source';
import { includedFiles } from './included-files';
import {
  directUploadWarning,
  requireBudget,
  requireUnzippedLimit,
} from './limits';
import { memberSegment } from './local-members';
import {
  describeArtifact,
  manifestName,
  sumDistributions,
  unzippedBytes,
  zipName,
} from './manifest';
import type { Manifest } from './manifest';
import { mergeSegments } from './merge-segments';
import type { ArtifactEntry } from './merge-segments';
import { openPendingFile } from './pending-file';
import type { PendingFile } from './pending-file';
import type { Segment } from './segment';
import { bomName, describeBom } from './sbom';
import { selectEntries } from './select-entries';
import { adviseOnSize } from './size-advice';
import { renderSizeReport, reportName } from './size-report';
import { thirdPartySegments } from './third-party';
import { writeZip } from './write-zip';

/** What to pack, and where to. */
export interface PackOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly service: Service;
  /** Where zip, manifest, bill of materials and report go: an absolute path. */
  readonly outputFolder: string;
  /** Whether the treemap of what fills the zip is wanted; it is not when left out. */
  readonly report?: boolean;
  /** Told of what the user should know, and pack does not fail for. */
  readonly onWarning?: (message: string) => void;
  /** Told of what only a curious user wants to know. */
  readonly onNote?: (message: string) => void;
}

/**
 * Packs a service: plan (which segments), check (what Lambda would refuse), write (zip and what stands beside it, whole or
 * not at all; an earlier output stays until then).
 *
 * @param options - see {@link PackOptions}
 * @returns the manifest of the artifact
 * @throws a LambdaPyError when something is wrong that the user can mend
 */
export async function packService(options: PackOptions): Promise<Manifest> {
  try {
    const { workspaceRoot, service } = options;
    const plan = await withBytecode(workspaceRoot, service, (bytecode) =>
      planArtifact(options, bytecode),
    );
    return await writeArtifact(options, plan);
  } catch (error) {
    throw explainDiskError(error);
  }
}

/** What goes into an artifact, and what is to be said of it. */
interface Plan {
  readonly entries: readonly ArtifactEntry[];
  /** The full version of the Python that compiled; none where nothing is compiled. */
  readonly bytecodePython?: string;
}

async function planArtifact(
  options: PackOptions,
  bytecode: Bytecode,
): Promise<Plan> {
  const { workspaceRoot, service, outputFolder } = options;
  const { requirementsFile, members, provided } = closureParts(
    workspaceRoot,
    service,
  );
  const local = members.map((member) =>
    memberSegment({
      workspaceRoot,
      member,
      outputFolder,
      bytecode,
      ...(options.onWarning === undefined
        ? {}
        : { onWarning: options.onWarning }),
    }),
  );
  const [thirdParty, ...own] = await Promise.all([
    thirdPartySegments({
      workspaceRoot,
      requirementsFile,
      target: service,
      bytecode,
      provided,
    }),
    ...local,
  ]);
  const included = await includedFiles({
    workspaceRoot,
    service,
    outputFolder,
    bytecode,
    version: own[0]?.version ?? '',
  });
  const segments = [...thirdParty, ...own, ...included];
  tellOfUncompiled(options, segments);
  return {
    entries: await selectEntries(mergeSegments(segments), service),
    ...(bytecode.pythonVersion === undefined
      ? {}
      : { bytecodePython: bytecode.pythonVersion }),
  };
}

function tellOfUncompiled(
  { service, onWarning, onNote }: PackOptions,
  segments: readonly Segment[],
): void {
  for (const { name, local, uncompiled = [] } of segments) {
    for (const { path, reason } of uncompiled) {
      // In somebody else's wheel it is a template, or code for another version; in one's own it is a mistake.
      const tell = local ? onWarning : onNote;
      tell?.(
        `${name}: ${path} is not valid for ${service.runtime.identifier}, so it has no bytecode: ${reason}`,
      );
    }
  }
}

async function writeArtifact(
  {
    workspaceRoot,
    service,
    outputFolder,
    report = false,
    onWarning,
  }: PackOptions,
  plan: Plan,
): Promise<Manifest> {
  const { entries } = plan;
  const distributions = sumDistributions(entries);
  const advise = (): Promise<readonly string[]> =>
    adviseOnSize(service, entries);
  const requireWithinBudget = (
    kind: 'zip' | 'unzipped',
    bytes: number,
  ): Promise<void> =>
    requireBudget(service, kind, bytes, distributions, advise);
  const reportFile = reportName(service.projectName);
  const handler = findHandlerModule(service, entries);
  requireArchitecture(entries, service.architecture);
  await requireUnzippedLimit(distributions, advise);
  await requireWithinBudget('unzipped', unzippedBytes(distributions));
  const place = (name: string): string => join(outputFolder, name);
  const zipFile = openPendingFile(place(zipName(service.projectName)));
  try {
    const [zip] = await Promise.all([
      // Not at once: first the guard's interpreter is started, which then runs while this process writes.
      setImmediate().then(() => writeZip(entries, zipFile.write)),
      requireHandler(workspaceRoot, service, handler),
    ]);
    await requireWithinBudget('zip', zip.bytes);
    const manifest = describeArtifact(service, distributions, zip, plan);
    const besides = new Map([
      [
        manifestName(service.projectName),
        Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`),
      ],
      [
        bomName(service.projectName),
        await describeBom(workspaceRoot, service, entries),
      ],
      ...(report
        ? [
            [
              reportFile,
              Buffer.from(await renderSizeReport(service, entries)),
            ] as const,
          ]
        : []),
    ]);
    commitTogether(
      zipFile,
      [...besides].map(([name, content]) => ({
        file: openPendingFile(place(name)),
        content,
      })),
    );
    // One of an earlier pack would tell of another zip.
    if (!report) rmSync(place(reportFile), { force: true });
    warn(service, zip.bytes, onWarning);
    return manifest;
  } finally {
    zipFile.discard();
  }
}

/** Nothing but renames is left to do when the first of the files appears. */
function commitTogether(
  zipFile: PendingFile,
  besides: readonly { file: PendingFile; content: Uint8Array }[],
): void {
  try {
    for (const { file, content } of besides) file.write(content);
    zipFile.commit();
    for (const { file } of besides) file.commit();
  } finally {
    for (const { file } of besides) file.discard();
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
