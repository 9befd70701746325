import { setImmediate } from 'node:timers/promises';
import type { PackedProject } from '../workspace/service';
import { artifactContents } from './artifact-contents';
import type { ArtifactContents } from './artifact-contents';
import { withBytecode, ZIP_PREFIXES } from './bytecode';
import type { Bytecode, CodeRoot } from './bytecode';
import type { ClosureArchive } from './archive-cache';
import { closureArchive } from './closure-archive';
import { closureParts } from './closure-parts';
import type { ClosureParts } from './closure-parts';
import type { UncompiledFile } from './distribution';
import { gitIgnored } from './git-ignored';
import { requireIncludeFits } from './include-conflict';
import { includedFiles } from './included-files';
import { memberSegment } from './local-members';
import { entriesOf } from './merge-segments';
import type { Segment } from './segment';
import {
  describedServices,
  requireGlobs,
  requireKnownServices,
  selectEntries,
} from './select-entries';

/** What to plan. */
export interface PlanRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly project: PackedProject;
  /** Where artifacts go, which is no source: an absolute path. */
  readonly outputFolder: string;
  /** The folders of all Nx projects, relative to the workspace root. */
  readonly projectFolders?: ReadonlySet<string>;
  /** Where the artifact will be unpacked. */
  readonly codeRoot: CodeRoot;
  /** PEP 503 names of what layers hold, which is left out. */
  readonly held?: ReadonlySet<string>;
  /** Whether an archive of an earlier pack may be used; it may when left out. */
  readonly isArchiveUsed?: boolean;
  /** Whether more may be planned than Lambda takes, since whoever asks checks it; it may not when left out. */
  readonly mayExceedLimit?: boolean;
  /** After how many seconds uv is stopped; never when left out. */
  readonly timeout?: number;
  /** Told of what the user should know. */
  readonly onWarning?: (message: string) => void;
  /** Told of sources without bytecode: of the workspace, or of an index. */
  readonly onUncompiled?: (isLocal: boolean, message: string) => void;
}

/** What goes into an artifact, and what is to be said of it. */
export interface Plan {
  readonly closure: ClosureParts;
  readonly contents: ArtifactContents;
  /** What every path in the zip starts with. */
  readonly prefix: string;
  /** The full version of the Python that compiled; none where nothing is compiled. */
  readonly bytecodePython?: string;
}

/**
 * Plans an artifact: which segments it is made of, and which of their entries. What is missing in the cache is made.
 *
 * @param request - see {@link PlanRequest}
 * @returns the plan
 * @throws a LambdaPyError when something is wrong that the user can mend
 */
export function planArtifact(request: PlanRequest): Promise<Plan> {
  const { workspaceRoot, project, codeRoot } = request;
  return withBytecode(workspaceRoot, project, codeRoot, (bytecode) =>
    planWith(request, bytecode),
  );
}

async function planWith(
  request: PlanRequest,
  bytecode: Bytecode,
): Promise<Plan> {
  const { workspaceRoot, project, outputFolder, codeRoot } = request;
  const { held = new Set(), isArchiveUsed = true } = request;
  const { mayExceedLimit = false } = request;
  // Its process starts while git and the cache are read: the guard of a handler asks it in any case.
  if ('handler' in project) bytecode.prepare();
  const limit =
    request.timeout === undefined ? {} : { timeout: request.timeout };
  await requireGlobs(project);
  const closure = closureParts(workspaceRoot, project);
  const leftOut = new Set([...project.artifact.provided, ...held]);
  const members = closure.members.filter(({ name }) => !leftOut.has(name));
  const isIgnored = await gitIgnored(
    workspaceRoot,
    [project, ...members].map(({ projectRoot }) => projectRoot),
  );
  const place = {
    workspaceRoot,
    outputFolder,
    bytecode,
    isIgnored,
    ...(request.projectFolders === undefined
      ? {}
      : { projectFolders: request.projectFolders }),
  };
  const segmentsOfMembers = members.map((member) =>
    memberSegment({
      ...place,
      member,
      terms: closure.termsOf(member.name),
      ...limit,
      ...(request.onWarning === undefined
        ? {}
        : { onWarning: request.onWarning }),
    }),
  );
  const [archive, ...own] = await Promise.all([
    // Not at once: first the wheels' builds are started, which then run while this process reads segments.
    setImmediate().then(() =>
      closureArchive({
        workspaceRoot,
        ...closure,
        project,
        bytecode,
        codeRoot,
        leftOut,
        isArchiveUsed,
        mayExceedLimit,
        ...limit,
      }),
    ),
    ...segmentsOfMembers,
  ]);
  const included = await includedFiles({
    ...place,
    project,
    version:
      own.find(({ name }) => name === project.projectName)?.version ?? '',
  });
  const local = [...own, ...included];
  const described = [...archive.services, ...describedServices(local)];
  // Of a layer's botocore, the layer's own options have been checked.
  if (!held.has('botocore')) requireKnownServices(new Set(described), project);
  tellOfUncompiled(request, archive, local);
  const entries = await selectEntries(entriesOf(local), project);
  requireIncludeFits(project, entries);
  return {
    closure,
    prefix: ZIP_PREFIXES[codeRoot],
    contents: artifactContents(archive, local, entries),
    ...(bytecode.pythonVersion === undefined
      ? {}
      : { bytecodePython: bytecode.pythonVersion }),
  };
}

function tellOfUncompiled(
  { project, onUncompiled }: PlanRequest,
  archive: ClosureArchive,
  local: readonly Segment[],
): void {
  const tell = (isLocal: boolean, name: string, one: UncompiledFile): void => {
    onUncompiled?.(
      isLocal,
      `${name}: ${one.path} is not valid for ${project.runtime.identifier}, so it has no bytecode: ${one.reason}`,
    );
  };
  for (const one of archive.uncompiled) tell(false, one.name, one);
  for (const { name, uncompiled = [] } of local) {
    for (const one of uncompiled) tell(true, name, one);
  }
}
