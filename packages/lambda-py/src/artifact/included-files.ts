import { readFileSync } from 'node:fs';
import { LambdaPyError } from '../workspace/errors';
import type { PackedProject } from '../workspace/service';
import type { Bytecode } from './bytecode';
import type { DistributionFile } from './distribution';
import type { IsIgnored } from './git-ignored';
import { matcher } from './glob';
import { isForProduction, requireNoneOf } from './left-out';
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
  /** The folders of all Nx projects, relative to the workspace root. */
  readonly projectFolders?: ReadonlySet<string>;
  /** The project's version; none where it has no wheel of its own. */
  readonly version: string;
}

/**
 * The files that the project's option `include` names, each at its path in the project's folder.
 *
 * They are few and the user's own, so they are deflated each time.
 *
 * @param request - the service or the layer
 * @returns their segment; none where the option is not used
 * @throws {@link LambdaPyError} when a pattern matches no file that may be included, or one that Nx would not see change
 */
export async function includedFiles({
  project,
  bytecode,
  version,
  ...place
}: IncludeRequest): Promise<Segment[]> {
  const { projectName, projectRoot, artifact } = project;
  if (artifact.include.length === 0) return [];
  const prefix = `${projectRoot}/`;
  const { files, leftOut } = listMemberSources({ ...place, projectRoot });
  const candidates: DistributionFile[] = files
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, location }) => ({
      path: path.slice(prefix.length),
      read: () => readFileSync(location),
    }))
    .filter(({ path }) => isForProduction(path));
  const included = new Set<DistributionFile>();
  for (const pattern of artifact.include) {
    const matches = await matcher([pattern], { dot: false });
    requireNoneOf(
      leftOut.filter(
        ({ pathInProject: path }) =>
          isForProduction(path) &&
          // A folder, of whose files nothing is known.
          (matches(path) || matches(`${path}/_`) || isBelow(pattern, path)),
      ),
      { name: projectName, projectRoot },
    );
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

function isBelow(pattern: string, folder: string): boolean {
  return pattern.replace(/^\.\//, '').startsWith(`${folder}/`);
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
