import { hash } from 'node:crypto';
import { factsOf } from './lock-facts';
import type { ClosureEntry } from './lock-facts';
import { memberOf } from './lock-file';
import type {
  LockedDependency,
  LockedMember,
  LockedPackage,
  LockFile,
} from './lock-file';
import { markerHolds } from './markers';
import type { MarkerEnvironment } from './markers';
import { normaliseProjectName } from './names';

/**
 * All that is reachable in uv.lock from some dependencies: what one platform needs, or, where none is given, what any
 * does.
 */
function closureOf(
  lock: LockFile,
  seeds: readonly LockedDependency[],
  platform?: MarkerEnvironment,
): ReadonlyMap<LockedPackage, ClosureEntry> {
  const closure = new Map<LockedPackage, ClosureEntry>();
  const { candidates } = factsOf(lock);
  const visit = (dependency: LockedDependency): void => {
    if (!isNeeded([dependency['marker']], platform)) return;
    for (const locked of candidates(dependency)) {
      if (!isNeeded(locked['resolution-markers'], platform)) continue;
      let entry = closure.get(locked);
      if (entry === undefined) {
        entry = { locked, extras: new Set() };
        closure.set(locked, entry);
        locked.dependencies.forEach(visit);
      }
      for (const name of dependency.extra ?? dependency.extras ?? []) {
        if (entry.extras.has(name)) continue;
        entry.extras.add(name);
        locked['optional-dependencies'][name]?.forEach(visit);
      }
    }
  };
  seeds.forEach(visit);
  return closure;
}

/** Of a package's `resolution-markers` one has to hold; a dependency has one marker at most. */
function isNeeded(
  markers: unknown,
  platform: MarkerEnvironment | undefined,
): boolean {
  if (platform === undefined || !Array.isArray(markers)) return true;
  return markers.some(
    (marker) => typeof marker !== 'string' || markerHolds(marker, platform),
  );
}

/**
 * All that a member needs at run time on one platform, transitively, of the workspace or not.
 *
 * @param lock - the lock file
 * @param projectName - the member's PEP 503 name
 * @param platform - what markers are judged by
 * @returns the packages, the member itself among them
 */
export function runtimeClosure(
  lock: LockFile,
  projectName: string,
  platform: MarkerEnvironment,
): readonly LockedPackage[] {
  return [...closureOf(lock, [{ name: projectName }], platform).keys()];
}

/**
 * The workspace members that a member needs at run time, transitively: on one platform, or on any, where none is given.
 *
 * @param lock - the lock file
 * @param projectName - the member's PEP 503 name
 * @param platform - what markers are judged by
 * @returns the members, sorted by name, without the member itself
 */
export function runtimeMembers(
  lock: LockFile,
  projectName: string,
  platform?: MarkerEnvironment,
): readonly LockedMember[] {
  return [...closureOf(lock, [{ name: projectName }], platform).keys()]
    .map(memberOf)
    .filter((member) => member !== undefined)
    .filter(({ name }) => name !== projectName)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Every workspace member that a member names: at run time, in its extras and in its dependency groups.
 *
 * @param lock - the lock file
 * @param projectName - the member's PEP 503 name
 * @returns the members' names, sorted, transitive ones not included
 */
export function directMembers(
  lock: LockFile,
  projectName: string,
): readonly string[] {
  const names = new Set<string>();
  const { memberNames } = factsOf(lock);
  for (const locked of lock.packages.get(projectName) ?? []) {
    for (const dependencies of [
      locked.dependencies,
      ...Object.values(locked['optional-dependencies']),
      ...Object.values(locked['dev-dependencies']),
    ]) {
      for (const { name } of dependencies) {
        const normalised = normaliseProjectName(name);
        if (memberNames.has(normalised)) names.add(normalised);
      }
    }
  }
  names.delete(projectName);
  return [...names].sort();
}

/**
 * The folders of this repository that a member depends on and that hold no member of the workspace: dependencies by
 * path, at run time, in extras and in dependency groups, transitively.
 *
 * @param lock - the lock file
 * @param projectName - the member's PEP 503 name
 * @returns the folders, sorted, relative to the workspace root
 */
export function pathDependencies(
  lock: LockFile,
  projectName: string,
): readonly string[] {
  if (!factsOf(lock).hasPathDependencies) return [];
  const seeds = (lock.packages.get(projectName) ?? []).flatMap((locked) => [
    { name: projectName, extra: Object.keys(locked['optional-dependencies']) },
    ...Object.values(locked['dev-dependencies']).flat(),
  ]);
  return [...closureOf(lock, seeds).keys()]
    .map(memberOf)
    .filter((member) => member !== undefined)
    .filter(({ name }) => lock.memberNames?.has(name) === false)
    .map(({ projectRoot }) => projectRoot)
    .sort();
}

/**
 * The members that reach a member's artifact, where the edges of the graph lead to more: to what it, or one of them, is
 * only developed with.
 *
 * @param lock - the lock file
 * @param projectName - the member's PEP 503 name
 * @returns PEP 503 names, sorted; `undefined` where every edge leads into the artifact
 */
export function packedMembers(
  lock: LockFile,
  projectName: string,
): readonly string[] | undefined {
  const { membersBesidesRunTime } = factsOf(lock);
  if (membersBesidesRunTime.size === 0) return undefined;
  const packed = runtimeMembers(lock, projectName).map(({ name }) => name);
  const reached = new Set([projectName, ...packed]);
  const hasMore = [...reached].some(
    (source) =>
      membersBesidesRunTime.has(source) &&
      directMembers(lock, source).some((target) => !reached.has(target)),
  );
  return hasMore
    ? packed.filter((name) => lock.memberNames?.has(name) !== false)
    : undefined;
}

/**
 * The third-party distributions that a member's run-time closure holds, with its extras, or those of the toolchain: all
 * dependency groups of the root.
 *
 * @param lock - the lock file
 * @param projectName - the member's PEP 503 name; the toolchain when left out
 * @returns PEP 503 names
 */
export function distributionsOf(
  lock: LockFile,
  projectName?: string,
): ReadonlySet<string> {
  const seeds =
    projectName === undefined
      ? Object.values(lock.rootGroups).flat()
      : [{ name: projectName, extra: extrasOf(lock, projectName) }];
  return new Set(
    [...closureOf(lock, seeds).keys()]
      .filter((locked) => memberOf(locked) === undefined)
      .map(({ name }) => normaliseProjectName(name)),
  );
}

/**
 * A digest of all in uv.lock that a member's locked requirements are made from.
 *
 * Addresses are left out, so that an index and its mirror give the same digest.
 *
 * @param lock - the lock file
 * @param projectName - the member's PEP 503 name
 * @param extras - which of its own extras count
 * @returns SHA-256 in hex
 */
export function memberDigest(
  lock: LockFile,
  projectName: string,
  extras: readonly string[] = [],
): string {
  return digestOf(lock, [
    { name: projectName, ...(extras.length === 0 ? {} : { extra: extras }) },
  ]);
}

/**
 * The extras that a member offers.
 *
 * @param lock - the lock file
 * @param projectName - the member's PEP 503 name
 * @returns their names, sorted
 */
export function extrasOf(
  lock: LockFile,
  projectName: string,
): readonly string[] {
  return (lock.packages.get(projectName) ?? [])
    .flatMap((locked) => Object.keys(locked['optional-dependencies']))
    .sort();
}

/**
 * A digest of all in uv.lock that the toolchain's locked requirements are made from: some dependency groups of the root
 * and of the members.
 *
 * @param lock - the lock file
 * @param groups - their names
 * @returns SHA-256 in hex
 */
export function toolchainDigest(
  lock: LockFile,
  groups: readonly string[],
): string {
  const members = [...lock.packages.values()].flat().filter(memberOf);
  return digestOf(
    lock,
    [
      lock.rootGroups,
      ...members.map((member) => member['dev-dependencies']),
    ].flatMap((tables) => groups.flatMap((group) => tables[group] ?? [])),
  );
}

/**
 * The dependency groups that the lock file knows.
 *
 * @param lock - the lock file
 * @returns their names, sorted
 */
export function groupNames(lock: LockFile): readonly string[] {
  const members = [...lock.packages.values()].flat().filter(memberOf);
  const names = [
    lock.rootGroups,
    ...members.map((member) => member['dev-dependencies']),
  ].flatMap((tables) => Object.keys(tables));
  return [...new Set(names)].sort();
}

function digestOf(lock: LockFile, seeds: readonly LockedDependency[]): string {
  const { isMember, isToMember, textOf, contentDigestOf } = factsOf(lock);
  const closure = [...closureOf(lock, seeds).values()];
  const members = closure.filter(({ locked }) => isMember(locked));
  const edges = [...seeds, ...members.flatMap(edgesOf)];
  // Members do not appear in an export: what they bring does. Only a marker on the way to one makes it matter which
  // member brings what; without any, a new library that brings nothing new leaves the requirements true.
  const isConditional = edges.some(
    (edge) => edge['marker'] !== undefined && isToMember(edge),
  );
  const origins = isConditional
    ? members.map(contentDigestOf)
    : edges.filter((edge) => !isToMember(edge)).map(textOf);
  const packages = closure.filter(({ locked }) => !isMember(locked));
  return hash(
    'sha256',
    JSON.stringify([
      lock.requiresPython,
      sortedUnique(origins),
      sortedUnique(packages.map(contentDigestOf)),
    ]),
  );
}

function edgesOf({ locked, extras }: ClosureEntry): LockedDependency[] {
  return [
    ...locked.dependencies,
    ...[...extras]
      .sort()
      .flatMap((extra) => locked['optional-dependencies'][extra] ?? []),
  ];
}

function sortedUnique(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
