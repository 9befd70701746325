import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import type { LockedMember } from '../workspace/lock-file';
import { readPyproject } from '../workspace/pyproject';
import type { Pyproject } from '../workspace/pyproject';
import { findUv } from '../workspace/uv';
import { contentKey } from './artifact-cache';
import type { Bytecode } from './bytecode';
import { tidyDistribution } from './distribution';
import type { Distribution } from './distribution';
import type { IsIgnored } from './git-ignored';
import { parseMetadata } from './installed-distributions';
import { helperInterpreter } from './interpreter';
import {
  copySources,
  digestSources,
  listMemberSources,
} from './member-sources';
import type { DigestedSource } from './member-sources';
import { encodeSegment } from './encode-segment';
import type { Segment } from './segment';
import { openSegmentCache } from './segment-cache';
import { SEGMENT_FORMAT } from './segment-file';
import { runTimedUv } from './timed-uv';
import { isPureWheel, unpackWheel } from './wheel';
import { loadLaidOutWheel, storeWheelLayout } from './wheel-layout';
import { inWorkFolder } from './work-folder';

/** A workspace member that goes into an artifact. */
export interface MemberRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly member: LockedMember;
  /** Where artifacts go, which is no source: an absolute path. */
  readonly outputFolder: string;
  readonly bytecode: Bytecode;
  /** What git ignores, of the member's folder at least. */
  readonly isIgnored: IsIgnored;
  /** After how many seconds uv is stopped; never when left out. */
  readonly timeout?: number;
  /** Told of modules that are not packed, since git ignores them. */
  readonly onWarning?: (message: string) => void;
}

/**
 * The segment of a workspace member, as its wheel has it: no tests, no project files. Its sources are the same for every
 * target.
 *
 * @param request - the member
 * @returns its segment
 * @throws {@link LambdaPyError} when the member cannot be built, or builds a wheel for this machine alone
 */
export async function memberSegment(request: MemberRequest): Promise<Segment> {
  const { workspaceRoot, member, outputFolder, bytecode } = request;
  const pyproject = requireBuildable(workspaceRoot, member);
  const sources = digestSources(
    listMemberSources(
      workspaceRoot,
      member.projectRoot,
      outputFolder,
      request.isIgnored,
      (path) => {
        if (!path.endsWith('.py')) return;
        request.onWarning?.(
          `${path} is not packed: git ignores it, so Nx cannot see it change; have it tracked if ${member.name} needs it`,
        );
      },
    ),
  );
  const segments = openSegmentCache(workspaceRoot);
  const key = contentKey(
    'member',
    String(SEGMENT_FORMAT),
    member.name,
    bytecode.identity,
    ...sources.map(({ path, digest }) => JSON.stringify([path, digest])),
  );
  const known = segments.load(key);
  if (known !== undefined) return known;
  bytecode.prepare();
  const built = tidyDistribution(
    await memberWheel(request, pyproject, sources),
  );
  const segment = encodeSegment(await bytecode.addTo(built));
  const { body, ...description } = segment;
  await segments.store(key, (write) => {
    write(body);
    return Promise.resolve(description);
  });
  return segment;
}

function requireBuildable(
  workspaceRoot: string,
  { name, projectRoot }: LockedMember,
): Pyproject {
  const pyproject = readPyproject(
    workspaceRoot,
    join(projectRoot, 'pyproject.toml').replaceAll('\\', '/'),
  );
  const { file, isPackage, buildBackend } = pyproject;
  if (isPackage && buildBackend !== undefined) return pyproject;
  throw new LambdaPyError({
    file,
    location: isPackage ? '[build-system]' : '[tool.uv] package',
    problem: `${name} is not built as a package, so its modules cannot go into an artifact`,
    ...(isPackage ? {} : { found: 'false' }),
    expected:
      '[build-system] with a build backend, for instance requires = ["uv_build"] and build-backend = "uv_build"',
    mend: isPackage
      ? `add [build-system] to ${file}`
      : `remove "package = false" from ${file}, and add [build-system] where it is missing`,
  });
}

/** The member's wheel: laid out as an earlier one where that is certain to be the same, else built. */
async function memberWheel(
  request: MemberRequest,
  { buildBackend, isBackendInTree }: Pyproject,
  sources: readonly DigestedSource[],
): Promise<Distribution> {
  if (buildBackend !== 'uv_build' || isBackendInTree) {
    return buildMember(request, sources);
  }
  const wheel = {
    workspaceRoot: request.workspaceRoot,
    ...request.member,
    sources,
  };
  const laidOut = loadLaidOutWheel(wheel);
  if (laidOut !== undefined) return laidOut;
  const built = await buildMember(request, sources);
  storeWheelLayout(wheel, built);
  return built;
}

/**
 * Builds from a copy that holds the sources of the key and nothing else: what a backend finds beside them (an earlier
 * build, a file that is no source) cannot slip in, and the backend's leftovers do not stay in the workspace.
 */
async function buildMember(
  { workspaceRoot, member, timeout }: MemberRequest,
  sources: readonly DigestedSource[],
): Promise<Distribution> {
  // At once: each may have to run a program to find out.
  const [{ executable }] = await Promise.all([
    helperInterpreter(workspaceRoot),
    findUv(workspaceRoot),
  ]);
  return inWorkFolder(workspaceRoot, async (work) => {
    const copy = join(work, 'workspace');
    const output = join(work, 'wheel');
    copySources(sources, copy);
    const { exitCode, stdout, stderr } = await runTimedUv(
      workspaceRoot,
      { timeout, purpose: `built the wheel of ${member.name}` },
      [
        'build',
        '--quiet',
        '--wheel',
        // The copy is outside of the uv workspace; the sources of dependencies matter to no build.
        '--no-sources',
        '--python',
        executable,
        '--out-dir',
        output,
        join(copy, member.projectRoot),
      ],
    );
    const file = `${member.projectRoot}/pyproject.toml`;
    if (exitCode !== 0) {
      throw new LambdaPyError({
        file,
        problem: `the wheel of ${member.name} could not be built`,
        found: `${stdout}${stderr}`
          .trim()
          .replaceAll(`${copy}/`, '')
          .replaceAll(`${relative(workspaceRoot, copy)}/`, ''),
        expected: 'a project that builds from the files of its own folder',
        mend: `see that "uv build --wheel ${member.projectRoot}" succeeds`,
      });
    }
    const wheel = readdirSync(output).find((name) => name.endsWith('.whl'));
    if (wheel === undefined) throw new Error(`uv built no wheel in ${output}`);
    if (!isPureWheel(wheel)) {
      throw new LambdaPyError({
        file,
        problem: `${member.name} has compiled code, which would be built for this machine and not for Lambda's`,
        found: wheel,
        expected: 'a wheel for any platform: …-none-any.whl',
        mend: `build ${member.name} as manylinux wheels and put them in an index of yours`,
      });
    }
    const { metadata, files } = await unpackWheel(
      readFileSync(join(output, wheel)),
    );
    return { ...parseMetadata(metadata), local: true, files };
  });
}
