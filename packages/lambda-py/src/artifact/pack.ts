import { LambdaPyError } from '../workspace/errors';
import { deprecationWarning } from '../workspace/runtimes';
import type { Layer, PackedProject, Service } from '../workspace/service';
import type { ArtifactContents } from './artifact-contents';
import { explainDiskError } from './disk-error';
import { requireHandler } from './handler-guard';
import { findHandlerModule } from './handler-source';
import { layerHoldings } from './layer-holdings';
import { requireNothingHidden } from './layer-overlaps';
import { directUploadWarning } from './limits';
import type { Manifest } from './manifest';
import { planArtifact } from './plan-artifact';
import type { PlanRequest } from './plan-artifact';
import { withArchive } from './unusable-archive-error';
import { writeArtifact } from './write-artifact';

/** Where to pack, and what besides the zip. */
export interface PackOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** Where zip, manifest, bill of materials and report go: an absolute path. */
  readonly outputFolder: string;
  /** The folders of all Nx projects, relative to the workspace root: a folder of one is no part of another. */
  readonly projectFolders?: ReadonlySet<string>;
  /** Whether the treemap of what fills the zip is wanted; it is not when left out. */
  readonly report?: boolean;
  /** After how many seconds uv is stopped; never when left out. */
  readonly timeout?: number;
  /** Told of what the user should know, and pack does not fail for. */
  readonly onWarning?: (message: string) => void;
  /** Told of what only a curious user wants to know. */
  readonly onNote?: (message: string) => void;
}

/**
 * Packs a service: plan (which segments), check (what Lambda would refuse), write (zip and what stands beside it, whole or
 * not at all; an earlier output stays until then). What its layers hold is left out.
 *
 * @param options - see {@link PackOptions}, and the service
 * @returns the manifest of the artifact
 * @throws a LambdaPyError when something is wrong that the user can mend
 */
export function packService({
  service,
  ...given
}: PackOptions & { readonly service: Service }): Promise<Manifest> {
  return explained(given, async (options) => {
    const { workspaceRoot, report = false } = options;
    const { layers, held, contents } = await layerHoldings(options, service);
    const manifest = await withArchive(async (isArchiveUsed) => {
      const plan = await planArtifact({
        ...planRequest(options, service),
        codeRoot: '/var/task',
        held: new Set(held.keys()),
        isArchiveUsed,
      });
      requireNothingHidden(service, plan.contents, contents);
      const handler = findHandlerModule(service, plan.contents);
      return writeArtifact({
        ...options,
        report,
        project: service,
        plan,
        serviceFacts: { handler: service.handler, layers },
        check: () => requireHandler(workspaceRoot, service, handler),
      });
    });
    warn(service, manifest, options.onWarning);
    return manifest;
  });
}

/**
 * Packs a layer, as {@link packService} packs a service: its closure, and its own modules where it has any.
 *
 * @param options - see {@link PackOptions}, and the layer
 * @returns the manifest of the artifact
 * @throws a LambdaPyError when something is wrong that the user can mend
 */
export function packLayer({
  layer,
  ...given
}: PackOptions & { readonly layer: Layer }): Promise<Manifest> {
  return explained(given, async (options) => {
    const manifest = await withArchive(async (isArchiveUsed) => {
      const plan = await planArtifact({
        ...planRequest(options, layer),
        codeRoot: '/opt/python',
        isArchiveUsed,
      });
      requireContent(layer, plan.contents);
      return writeArtifact({
        ...options,
        report: options.report ?? false,
        project: layer,
        plan,
        serviceFacts: {},
        check: () => Promise.resolve(),
      });
    });
    warn(layer, manifest, options.onWarning);
    return manifest;
  });
}

async function explained<Result>(
  options: PackOptions,
  work: (options: PackOptions) => Promise<Result>,
): Promise<Result> {
  const { onWarning, onNote } = options;
  try {
    return await work({
      ...options,
      ...(onWarning === undefined ? {} : { onWarning: once(onWarning) }),
      ...(onNote === undefined ? {} : { onNote: once(onNote) }),
    });
  } catch (error) {
    throw explainDiskError(error);
  }
}

/** What is planned again may say again what it has said. */
function once(tell: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (told.has(message)) return;
    told.add(message);
    tell(message);
  };
}

function planRequest(
  {
    workspaceRoot,
    outputFolder,
    projectFolders,
    timeout,
    onWarning,
    onNote,
  }: PackOptions,
  project: PackedProject,
): Omit<PlanRequest, 'codeRoot'> {
  return {
    workspaceRoot,
    outputFolder,
    project,
    ...(projectFolders === undefined ? {} : { projectFolders }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(onWarning === undefined ? {} : { onWarning }),
    onUncompiled: (isLocal, message) => {
      // In somebody else's wheel it is a template, or code for another version; in one's own it is a mistake.
      const tell = isLocal ? onWarning : onNote;
      tell?.(message);
    },
  };
}

function requireContent(
  { projectName, projectRoot }: Layer,
  { distributions }: ArtifactContents,
): void {
  if (distributions.length > 0) return;
  throw new LambdaPyError({
    file: `${projectRoot}/pyproject.toml`,
    problem: `the layer ${projectName} holds nothing`,
    expected: 'dependencies in [project]',
    mend: `uv add --package ${projectName} <distribution>, then "nx sync"`,
  });
}

function warn(
  { runtime }: PackedProject,
  { zipBytes }: Manifest,
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
