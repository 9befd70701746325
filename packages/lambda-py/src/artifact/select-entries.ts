import type { ArtifactOptions, StripKind } from '../workspace/artifact-options';
import { LambdaPyError } from '../workspace/errors';
import type { PackedProject } from '../workspace/service';
import { sourcePath } from './bytecode';
import { brokenGlob, matcher } from './glob';
import type { Matches } from './glob';
import type { ArtifactEntry } from './merge-segments';
import type { SegmentDescription } from './segment';

/** What each kind of `strip` leaves out. */
export const STRIP_PATTERNS: Readonly<Record<StripKind, readonly string[]>> = {
  tests: ['**/tests/**', '**/conftest.py'],
  stubs: ['**/*.pyi'],
  docs: ['**/*.{md,rst}', 'share/{doc,man}/**'],
  headers: ['**/*.{h,hh,hpp,hxx,cuh,pxd,pxi,pyx,c,cc,cpp,cxx,f,f77,f90,a,lib}'],
};

/** The options that leave files out of an artifact. */
export type Selection = Pick<
  ArtifactOptions,
  'exclude' | 'strip' | 'botocoreServices'
>;

// Licences have to be passed on, and importlib.metadata reads the rest.
const METADATA = /^[^/]+\.dist-info\//;

/** Where botocore, and boto3 on top of it, describe a service. */
const SERVICE_DATA = /^(?:botocore|boto3)\/data\/(?<service>[^/]+)\//;

// What botocore's own credential providers call: botocore/credentials.py, botocore/tokens.py.
const CREDENTIAL_SERVICES = ['signin', 'sso', 'sso-oidc', 'sts'];

/** All that the options stand for, besides themselves: a part of content keys. */
export const SELECTION_RULES = JSON.stringify([
  STRIP_PATTERNS,
  CREDENTIAL_SERVICES,
  [METADATA, SERVICE_DATA].map(String),
]);

/**
 * Checks the globs of `exclude`: one that is broken leaves nothing out, and nobody would see that.
 *
 * @param project - the service or the layer
 * @throws {@link LambdaPyError} that names a glob which is broken
 */
export async function requireGlobs({
  projectRoot,
  artifact,
}: PackedProject): Promise<void> {
  const broken = await brokenGlob(artifact.exclude);
  if (broken === undefined) return;
  throw new LambdaPyError({
    file: `${projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] exclude',
    problem: 'the glob is broken',
    found: JSON.stringify(broken.pattern),
    expected: 'a glob each of whose brackets is closed',
    mend: `correct the glob: ${broken.reason}`,
  });
}

/**
 * Leaves out what the project's options say. Segments stay whole, so that no option makes one be deflated anew.
 *
 * @param entries - what the closure holds
 * @param project - the service or the layer
 * @returns what the artifact holds
 */
export async function selectEntries(
  entries: readonly ArtifactEntry[],
  project: PackedProject,
): Promise<readonly ArtifactEntry[]> {
  const isLeftOut = await leftOutBy(project.artifact);
  if (isLeftOut === undefined) return entries;
  return entries.filter(({ entry: { path } }) => !isLeftOut(path));
}

/**
 * Lists what a selection has left out.
 *
 * @param segments - whole
 * @param entries - what was selected of them
 * @returns the paths by the distribution's name, of those that are not whole any more
 */
export function leftOutPaths(
  segments: readonly SegmentDescription[],
  entries: readonly ArtifactEntry[],
): ReadonlyMap<string, readonly string[]> {
  const held = new Set(entries.map(({ entry }) => entry.path));
  const leftOut = new Map<string, readonly string[]>();
  for (const { name, entries: all } of segments) {
    const paths = all.map(({ path }) => path).filter((path) => !held.has(path));
    if (paths.length === 0) continue;
    leftOut.set(name, [...(leftOut.get(name) ?? []), ...paths]);
  }
  return leftOut;
}

/**
 * Tells what a project's options leave out.
 *
 * @param options - the options
 * @returns a predicate on paths of the artifact; `undefined` where nothing is left out
 */
export async function leftOutBy({
  exclude,
  strip,
  botocoreServices,
}: Selection): Promise<Matches | undefined> {
  const rules = [
    ...(exclude.length === 0 ? [] : [await matcher(exclude)]),
    ...(strip.length === 0 ? [] : [await stripMatcher(strip)]),
    ...(botocoreServices === undefined
      ? []
      : [otherServiceData(botocoreServices)]),
  ];
  if (rules.length === 0) return undefined;
  return (path) => rules.some((matches) => matchesFile(matches, path));
}

/**
 * Tells what `strip` leaves out.
 *
 * @param kinds - what to strip
 * @returns a predicate on paths of the artifact
 */
export async function stripMatcher(
  kinds: readonly StripKind[],
): Promise<Matches> {
  const matches = await matcher(kinds.flatMap((kind) => STRIP_PATTERNS[kind]));
  return (path) => !METADATA.test(path) && matches(path);
}

/** Bytecode goes with its source. */
function matchesFile(matches: Matches, path: string): boolean {
  return matches(path) || matches(sourcePath(path) ?? path);
}

/**
 * Checks that botocore has the services that `botocore-services` names.
 *
 * @param described - the services that are described, before anything is left out
 * @param project - the service or the layer
 * @throws {@link LambdaPyError} that lists those which it has not
 */
export function requireKnownServices(
  described: ReadonlySet<string>,
  { projectRoot, artifact: { botocoreServices } }: PackedProject,
): void {
  if (botocoreServices === undefined) return;
  const unknown = botocoreServices.filter((name) => !described.has(name));
  if (unknown.length === 0) return;
  throw new LambdaPyError({
    file: `${projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] botocore-services',
    problem:
      described.size === 0
        ? 'the artifact has no botocore'
        : 'botocore has no service of that name',
    found: unknown.join(', '),
    ...(described.size === 0
      ? {}
      : { expected: `for instance ${similar(unknown, described)}` }),
    mend:
      described.size === 0
        ? 'remove "botocore-services", or add boto3 to the dependencies'
        : 'take the name that boto3.client takes',
  });
}

function otherServiceData(botocoreServices: readonly string[]): Matches {
  const kept = new Set([...botocoreServices, ...CREDENTIAL_SERVICES]);
  return (path) => {
    const name = serviceOf(path);
    return name !== undefined && !kept.has(name);
  };
}

/**
 * Lists the AWS services that segments describe to botocore or boto3.
 *
 * @param segments - whole
 * @returns each once, for instance `dynamodb`
 */
export function describedServices(
  segments: readonly SegmentDescription[],
): string[] {
  return [
    ...new Set(
      segments.flatMap(({ entries }) =>
        entries.flatMap(({ path }) => serviceOf(path) ?? []),
      ),
    ),
  ];
}

/**
 * The AWS service that a file describes to botocore or boto3.
 *
 * @param path - a path in the artifact
 * @returns for instance `dynamodb`; `undefined` for any other file
 */
export function serviceOf(path: string): string | undefined {
  return SERVICE_DATA.exec(path)?.groups?.['service'];
}

function similar(
  unknown: readonly string[],
  known: ReadonlySet<string>,
): string {
  const starts = unknown.map((name) => name.slice(0, 3).toLowerCase());
  const alike = [...known].filter((name) =>
    starts.some((start) => name.includes(start)),
  );
  return (alike.length === 0 ? [...known] : alike)
    .sort()
    .slice(0, 20)
    .join(', ');
}
