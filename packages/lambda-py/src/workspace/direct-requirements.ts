import { LambdaPyError } from './errors';
import { LOCK_FILE } from './lock-text';
import { factsOf } from './lock-facts';
import { memberOf } from './lock-file';
import type { LockedPackage, LockFile } from './lock-file';
import { extrasOf, groupNames } from './closure';
import { DEFAULT_GROUPS } from './lock-summary';
import type { DefaultGroups } from './lock-summary';
import { normaliseProjectName } from './names';
import { requirementText, withoutExtra } from './requirement-text';
import type { DeclaredRequirement } from './requirement-text';

/** A requirement of a third party's distribution, and who asks for it. */
export interface DirectRequirement {
  /** As PEP 508 has it: `httpx[http2]>=0.27 ; sys_platform != 'win32'`. */
  readonly text: string;
  /** The PEP 503 names of the members that declare it, sorted; none for a group of the workspace's root. */
  readonly declaredBy: readonly string[];
}

/** What a member asks for, itself and through the local libraries that it reaches. */
export interface DirectRequirementsOfMember {
  /** PEP 503 name. */
  readonly name: string;
  /** The member's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
  readonly requirements: readonly DirectRequirement[];
  /** The same with all of its extras; none where it has no extras. */
  readonly withExtras?: readonly DirectRequirement[];
}

/** What a workspace asks for: plain data, that can be kept. */
export interface DirectRequirementsSummary {
  readonly members: readonly DirectRequirementsOfMember[];
  /** What the toolchain's dependency groups ask for. */
  readonly toolchain: readonly DirectRequirement[];
  /** The Python versions that the workspace is locked for, such as `>=3.11`. */
  readonly requiresPython: string;
}

/** A requirement on the way from a seed: of whom, and under which conditions. */
interface Reached extends DeclaredRequirement {
  readonly declaredBy: string | undefined;
  readonly markers: readonly string[];
}

/**
 * Gathers from a lock file what its workspace asks for, in the words of the pyproject files: uv keeps the specifiers of
 * the members' requirements beside what they were resolved to.
 *
 * Tools that know nothing of the workspace, such as pip-tools, cannot resolve a local library. So what it asks for stands
 * in its place, under the extras and the markers with which it is asked for.
 *
 * @param lock - the lock file
 * @param defaultGroups - what the root's pyproject.toml says
 * @returns plain data that depends on these two alone
 * @throws {@link LambdaPyError} for a requirement that such tools do not know
 */
export function summariseDirectRequirements(
  lock: LockFile,
  defaultGroups: DefaultGroups = DEFAULT_GROUPS,
): DirectRequirementsSummary {
  const groups = defaultGroups === 'all' ? groupNames(lock) : defaultGroups;
  const members = [...lock.packages.values()].flat().flatMap((locked) => {
    const member = memberOf(locked);
    return member === undefined ? [] : [{ ...member, locked }];
  });
  return {
    requiresPython: lock.requiresPython,
    members: members
      .filter(
        ({ name, projectRoot }) =>
          lock.memberNames?.has(name) !== false && projectRoot !== '.',
      )
      .map(({ name, projectRoot, locked }) => {
        const extras = extrasOf(lock, name);
        return {
          name,
          projectRoot,
          requirements: requirementsFrom(lock, declarationsOf(locked, [], [])),
          ...(extras.length === 0
            ? {}
            : {
                withExtras: requirementsFrom(
                  lock,
                  declarationsOf(locked, extras, []),
                ),
              }),
        };
      }),
    toolchain: requirementsFrom(lock, [
      ...groups
        .flatMap((group) => lock.rootGroups[group] ?? [])
        .map((one) => reached(one, undefined, [])),
      ...members.flatMap(({ name, locked }) =>
        groups
          .flatMap((group) => metadataOf(locked).requiresDev[group] ?? [])
          .map((one) => reached(one, name, [])),
      ),
    ]),
  };
}

/** Follows local libraries until only distributions of third parties are left. */
function requirementsFrom(
  lock: LockFile,
  seeds: readonly Reached[],
): readonly DirectRequirement[] {
  const { memberNames } = factsOf(lock);
  const found = new Map<string, Reached[]>();
  const visited = new Set<string>();
  const visit = (requirement: Reached): void => {
    const name = normaliseProjectName(requirement.name);
    const { extras = [], markers } = requirement;
    if (!memberNames.has(name)) {
      const text = requirementText(requirement);
      found.set(text, [...(found.get(text) ?? []), requirement]);
      return;
    }
    const key = JSON.stringify([name, extras, markers]);
    if (visited.has(key)) return;
    visited.add(key);
    for (const local of lock.packages.get(name) ?? []) {
      declarationsOf(local, extras, markers).forEach(visit);
    }
  };
  seeds.forEach(visit);
  return [...found]
    .flatMap(([text, ways]) => underConditions(text, ways))
    .sort((one, other) => (one.text < other.text ? -1 : 1));
}

/** One requirement, however many ways lead to it: a way counts only where no other asks for it under less. */
function underConditions(
  text: string,
  ways: readonly Reached[],
): readonly DirectRequirement[] {
  const isWithin = (one: Reached, other: Reached): boolean =>
    other.markers.every((marker) => one.markers.includes(marker));
  const conditions = new Map(
    ways
      .filter((one) =>
        ways.every((other) => !isWithin(one, other) || isWithin(other, one)),
      )
      .map((one) => [conjunctionOf(one.markers), one]),
  );
  return [...conditions].map(([condition, widest]) => ({
    text: condition === '' ? text : `${text} ; ${condition}`,
    declaredBy: [
      ...new Set(
        ways
          .filter((one) => isWithin(one, widest))
          .map(({ declaredBy }) => declaredBy)
          .filter((name) => name !== undefined),
      ),
    ].sort(),
  }));
}

function declarationsOf(
  locked: LockedPackage,
  extras: readonly string[],
  markers: readonly string[],
): readonly Reached[] {
  const name = normaliseProjectName(locked.name);
  return metadataOf(locked)
    .requiresDist.map((one) => {
      const { extra, marker } = withoutExtra(one);
      return extra === undefined || extras.includes(extra)
        ? reached({ ...one, marker }, name, markers)
        : undefined;
    })
    .filter((one) => one !== undefined);
}

function reached(
  requirement: { readonly name: string; readonly marker?: unknown },
  declaredBy: string | undefined,
  markers: readonly string[],
): Reached {
  const { marker, ...declared } = requirement as DeclaredRequirement;
  return {
    ...declared,
    declaredBy,
    // A set: local libraries may ask for each other.
    markers: [
      ...new Set(marker === undefined ? markers : [...markers, marker]),
    ].sort(),
  };
}

function conjunctionOf(markers: readonly string[]): string {
  return markers
    .map((marker) =>
      markers.length > 1 && marker.includes(' or ') ? `(${marker})` : marker,
    )
    .join(' and ');
}

/** `[package.metadata]` of a local package, whose shape uv alone decides. */
interface LockedMetadata {
  readonly requiresDist: readonly DeclaredRequirement[];
  readonly requiresDev: Readonly<
    Record<string, readonly DeclaredRequirement[]>
  >;
}

function metadataOf(locked: LockedPackage): LockedMetadata {
  const metadata = (locked['metadata'] ?? {}) as Readonly<
    Record<string, unknown>
  >;
  const list = metadata['requires-dist'];
  if (list === undefined && locked.dependencies.length > 0) {
    throw new LambdaPyError({
      file: LOCK_FILE,
      location: `package ${locked.name}`,
      problem: 'the lock file does not say what the project asks for',
      found: 'dependencies without [package.metadata] requires-dist',
      mend: 'uv lock',
    });
  }
  return {
    requiresDist: (list ?? []) as readonly DeclaredRequirement[],
    requiresDev: (metadata['requires-dev'] ??
      {}) as LockedMetadata['requiresDev'],
  };
}
