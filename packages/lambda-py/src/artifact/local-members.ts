import { join } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import type { LockedMember } from '../workspace/lock-file';
import { readPyproject } from '../workspace/pyproject';
import type { Pyproject } from '../workspace/pyproject';
import { isSourceLayout } from '../workspace/source-layout';
import { contentKey } from './artifact-cache';
import type * as memberBuild from './build-member';
import type { Bytecode } from './bytecode';
import { tidyDistribution } from './distribution';
import type { Distribution } from './distribution';
import type { IsIgnored } from './git-ignored';
import { leftOutWarning, needOf, requireNoneOf } from './left-out';
import { requireAgreement } from './member-agreement';
import type { MemberTerms } from './member-agreement';
import { digestSources, listMemberSources } from './member-sources';
import type { DigestedSource, SourceFile } from './member-sources';
import { encodeSegment } from './encode-segment';
import type { Segment } from './segment';
import { openSegmentCache } from './segment-cache';
import { SEGMENT_FORMAT } from './segment-file';
import { loadLaidOutWheel, storeWheelLayout } from './wheel-layout';

/** A workspace member that goes into an artifact. */
export interface MemberRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly member: LockedMember;
  /** What its pyproject.toml has to agree with. */
  readonly terms: MemberTerms;
  /** Where artifacts go, which is no source: an absolute path. */
  readonly outputFolder: string;
  readonly bytecode: Bytecode;
  /** What git ignores, of the member's folder at least. */
  readonly isIgnored: IsIgnored;
  /** The folders of all Nx projects, relative to the workspace root. */
  readonly projectFolders?: ReadonlySet<string>;
  /** After how many seconds uv is stopped; never when left out. */
  readonly timeout?: number;
  /** Told of what is not packed, since Nx would not see it change. */
  readonly onWarning?: (message: string) => void;
}

/**
 * The segment of a workspace member, as its wheel has it: no tests, no project files. Its sources are the same for every
 * target.
 *
 * @param request - the member
 * @returns its segment
 * @throws {@link LambdaPyError} when the member cannot be built, builds a wheel for this machine alone, is not made for
 * the runtime, or asks for other dependencies than uv.lock has
 */
export async function memberSegment(request: MemberRequest): Promise<Segment> {
  const { workspaceRoot, member, bytecode } = request;
  const pyproject = requireBuildable(workspaceRoot, member);
  requireAgreement(pyproject, request.terms);
  const sources = digestSources(requireSources(request, pyproject));
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

/** All of the member that Nx sees; refused is what a wheel without the rest would lack. */
function requireSources(
  request: MemberRequest,
  pyproject: Pyproject,
): readonly SourceFile[] {
  const { workspaceRoot, member } = request;
  const { projectRoot } = member;
  const { files, leftOut } = listMemberSources({ ...request, projectRoot });
  const wheel = {
    isSourceLayout: isSourceLayout(workspaceRoot, projectRoot, pyproject),
    hasReadme: pyproject.hasReadme,
  };
  requireNoneOf(
    leftOut.filter((one) => needOf(one, wheel) === 'needed'),
    member,
  );
  for (const one of leftOut) {
    if (needOf(one, wheel) === 'never') continue;
    request.onWarning?.(leftOutWarning(one, member.name));
  }
  return files;
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
    return building().buildMember(request, sources);
  }
  const wheel = {
    workspaceRoot: request.workspaceRoot,
    ...request.member,
    sources,
  };
  const laidOut = loadLaidOutWheel(wheel);
  if (laidOut !== undefined) return laidOut;
  const built = await building().buildMember(request, sources);
  storeWheelLayout(wheel, built);
  return built;
}

/** Loaded only where a wheel has to be built, since a change of modules needs none. */
function building(): typeof memberBuild {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./build-member') as typeof memberBuild;
}
