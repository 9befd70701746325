import { setImmediate } from 'node:timers/promises';
import type { PackedProject } from '../workspace/service';
import { withBytecode } from './bytecode';
import type { Bytecode, CodeRoot } from './bytecode';
import { closureParts } from './closure-parts';
import type { ClosureParts } from './closure-parts';
import { gitIgnored } from './git-ignored';
import { includedFiles } from './included-files';
import { memberSegment } from './local-members';
import { mergeSegments } from './merge-segments';
import type { ArtifactEntry } from './merge-segments';
import type { Segment } from './segment';
import { selectEntries } from './select-entries';
import { thirdPartySegments } from './third-party';

/** What to plan. */
export interface PlanRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly project: PackedProject;
  /** Where artifacts go, which is no source: an absolute path. */
  readonly outputFolder: string;
  /** Where the artifact will be unpacked. */
  readonly codeRoot: CodeRoot;
  /** PEP 503 names of what layers hold, which is left out. */
  readonly held?: ReadonlySet<string>;
  /** After how many seconds uv is stopped; never when left out. */
  readonly timeout?: number;
  /** Told of what the user should know. */
  readonly onWarning?: (message: string) => void;
  /** Told of sources without bytecode. */
  readonly onUncompiled?: (segment: Segment, message: string) => void;
}

/** What goes into an artifact, and what is to be said of it. */
export interface Plan {
  readonly closure: ClosureParts;
  readonly entries: readonly ArtifactEntry[];
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
  const { workspaceRoot, project, outputFolder, held } = request;
  // Its process starts while git and the cache are read: the guard of a handler asks it in any case.
  if ('handler' in project) bytecode.prepare();
  const limit =
    request.timeout === undefined ? {} : { timeout: request.timeout };
  const closure = closureParts(workspaceRoot, project);
  const leftOut = new Set([...project.artifact.provided, ...(held ?? [])]);
  const members = closure.members.filter(({ name }) => !leftOut.has(name));
  const isIgnored = await gitIgnored(
    workspaceRoot,
    [project, ...members].map(({ projectRoot }) => projectRoot),
  );
  const local = members.map((member) =>
    memberSegment({
      workspaceRoot,
      member,
      outputFolder,
      bytecode,
      isIgnored,
      ...limit,
      ...(request.onWarning === undefined
        ? {}
        : { onWarning: request.onWarning }),
    }),
  );
  const [thirdParty, ...own] = await Promise.all([
    // Not at once: first the wheels' builds are started, which then run while this process reads segments.
    setImmediate().then(() =>
      thirdPartySegments({
        workspaceRoot,
        requirementsFile: closure.requirementsFile,
        target: project,
        bytecode,
        leftOut,
        ...limit,
      }),
    ),
    ...local,
  ]);
  const included = await includedFiles({
    workspaceRoot,
    project,
    outputFolder,
    bytecode,
    isIgnored,
    version:
      own.find(({ name }) => name === project.projectName)?.version ?? '',
  });
  const segments = [...thirdParty, ...own, ...included];
  tellOfUncompiled(request, segments);
  return {
    closure,
    entries: await selectEntries(mergeSegments(segments), project, held),
    ...(bytecode.pythonVersion === undefined
      ? {}
      : { bytecodePython: bytecode.pythonVersion }),
  };
}

function tellOfUncompiled(
  { project, onUncompiled }: PlanRequest,
  segments: readonly Segment[],
): void {
  for (const segment of segments) {
    for (const { path, reason } of segment.uncompiled ?? []) {
      onUncompiled?.(
        segment,
        `${segment.name}: ${path} is not valid for ${project.runtime.identifier}, so it has no bytecode: ${reason}`,
      );
    }
  }
}
