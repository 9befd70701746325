import { readFileSync } from 'node:fs';
import { LambdaPyError } from '../workspace/errors';
import type { PackedProject } from '../workspace/service';
import type { Bytecode } from './bytecode';
import type { DistributionFile } from './distribution';
import type { IsIgnored } from './git-ignored';
import { matcher } from './glob';
import { listMemberSources } from './member-sources';
import { encodeSegment } from './encode-segment';
import type { Segment } from './segment';

/** The files that `include` adds to an artifact. */
export interface IncludeRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly project: PackedProject;
  /** Where artifacts go, which is no source: an absolute path. */
  readonly outputFolder: string;
  readonly bytecode: Bytecode;
  /** What git ignores, of the project's folder at least. */
  readonly isIgnored: IsIgnored;
  /** The project's version; none where it has no wheel of its own. */
  readonly version: string;
}

// What Nx does not count among the inputs of pack (the named input `production`): an artifact that held any of it
// would not be packed anew when it changes. None of it is for a function that runs.
const NOT_FOR_PRODUCTION =
  /^(?:tests|events|infra|docs)\/|^(?:local\.env|README\.md|\.?ruff\.toml|pytest\.ini|\.coveragerc)$/;

/**
 * The files that the project's option `include` names, each at its path in the project's folder.
 *
 * They are few and the user's own, so they are deflated each time.
 *
 * @param request - the service or the layer
 * @returns their segment; none where the option is not used
 * @throws {@link LambdaPyError} when a pattern matches no file that may be included
 */
export async function includedFiles({
  workspaceRoot,
  project,
  outputFolder,
  bytecode,
  isIgnored,
  version,
}: IncludeRequest): Promise<Segment[]> {
  const { projectName, projectRoot, artifact } = project;
  if (artifact.include.length === 0) return [];
  const prefix = projectRoot === '.' ? '' : `${projectRoot}/`;
  const candidates: DistributionFile[] = listMemberSources(
    workspaceRoot,
    projectRoot,
    outputFolder,
    isIgnored,
  )
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, location }) => ({
      path: path.slice(prefix.length),
      read: () => readFileSync(location),
    }))
    .filter(({ path }) => !NOT_FOR_PRODUCTION.test(path));
  const included = new Set<DistributionFile>();
  for (const pattern of artifact.include) {
    const matches = await matcher([pattern], { dot: false });
    const matched = candidates.filter(({ path }) => matches(path));
    if (matched.length === 0) throw noMatchError(project, pattern);
    for (const file of matched) included.add(file);
  }
  const distribution = await bytecode.addTo({
    name: projectName,
    version,
    local: true,
    files: [...included],
  });
  return [encodeSegment(distribution)];
}

function noMatchError(
  { projectRoot }: PackedProject,
  pattern: string,
): LambdaPyError {
  return new LambdaPyError({
    file: `${projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] include',
    problem: 'the glob matches no file that can be included',
    found: JSON.stringify(pattern),
    expected: `a glob of files in ${projectRoot}; tests/, events/, infra/, docs/, local.env, README.md and the settings of tools are for no function that runs`,
    mend: 'correct the glob, or remove it',
  });
}
