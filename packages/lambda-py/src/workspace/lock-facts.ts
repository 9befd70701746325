import { hash } from 'node:crypto';
import { memberOf } from './lock-file';
import type { LockedDependency, LockedPackage, LockFile } from './lock-file';
import type { DependencyTable } from './lock-shape';
import { normaliseProjectName } from './names';

/** A locked package together with those of its extras that are asked for. */
export interface ClosureEntry {
  readonly locked: LockedPackage;
  readonly extras: Set<string>;
}

/** What is found out of a lock file at most once, though the closures of a thousand members ask for it. */
export interface LockFacts {
  /** The PEP 503 names of the packages that are members. */
  readonly memberNames: ReadonlySet<string>;
  /** True where a local package is no member of the workspace. */
  readonly hasPathDependencies: boolean;
  /** The PEP 503 names of the members that name members in their extras or dependency groups. */
  readonly membersBesidesRunTime: ReadonlySet<string>;
  readonly isMember: (locked: LockedPackage) => boolean;
  readonly isToMember: (dependency: LockedDependency) => boolean;
  /** The packages that a dependency may stand for: every fork that its version, if it has one, allows. */
  readonly candidates: (
    dependency: LockedDependency,
  ) => readonly LockedPackage[];
  /** A dependency as text, addresses left out. */
  readonly textOf: (dependency: LockedDependency) => string;
  /** SHA-256 of all of a package that an export depends on, addresses left out. */
  readonly contentDigestOf: (entry: ClosureEntry) => string;
}

const known = new WeakMap<LockFile, LockFacts>();

/**
 * The facts of a lock file, which does not change once it is parsed.
 *
 * @param lock - the lock file
 * @returns the same facts for every call with the same object
 */
export function factsOf(lock: LockFile): LockFacts {
  let facts = known.get(lock);
  if (facts === undefined) {
    facts = gatherFacts(lock);
    known.set(lock, facts);
  }
  return facts;
}

function gatherFacts(lock: LockFile): LockFacts {
  const members = new Set(
    [...lock.packages.values()].flat().filter((locked) => memberOf(locked)),
  );
  const memberNames = new Set(
    [...members].map(({ name }) => normaliseProjectName(name)),
  );
  const isToMember = once(({ name }: LockedDependency) =>
    memberNames.has(normaliseProjectName(name)),
  );
  const candidates = once(({ name, version }: LockedDependency) =>
    (lock.packages.get(normaliseProjectName(name)) ?? []).filter(
      (locked) => version === undefined || locked.version === version,
    ),
  );
  const textOf = once((dependency: LockedDependency) =>
    JSON.stringify(withoutAddress(dependency)),
  );
  // By the extras that are asked for: mostly none, so that most packages are hashed once.
  const digestsOf = once((_: LockedPackage) => new Map<string, string>());
  const namesMembers = (tables: DependencyTable): boolean =>
    Object.values(tables).flat().some(isToMember);
  return {
    memberNames,
    hasPathDependencies: [...memberNames].some(
      (name) => lock.memberNames?.has(name) === false,
    ),
    membersBesidesRunTime: new Set(
      [...members]
        .filter(
          (locked) =>
            namesMembers(locked['optional-dependencies']) ||
            namesMembers(locked['dev-dependencies']),
        )
        .map(({ name }) => normaliseProjectName(name)),
    ),
    isMember: (locked) => members.has(locked),
    isToMember,
    candidates,
    textOf,
    contentDigestOf: ({ locked, extras }) => {
      const asked = [...extras].sort();
      const digests = digestsOf(locked);
      const key = JSON.stringify(asked);
      let digest = digests.get(key);
      if (digest === undefined) {
        digest = hash('sha256', contentOf(locked, asked, textOf));
        digests.set(key, digest);
      }
      return digest;
    },
  };
}

function once<Key extends object, Value>(
  compute: (key: Key) => Value,
): (key: Key) => Value {
  const values = new Map<Key, Value>();
  return (key) => {
    let value = values.get(key);
    if (value === undefined) {
      value = compute(key);
      values.set(key, value);
    }
    return value;
  };
}

function contentOf(
  locked: LockedPackage,
  extras: readonly string[],
  textOf: (dependency: LockedDependency) => string,
): string {
  return JSON.stringify({
    name: locked.name,
    version: locked.version ?? null,
    source: sourceIdentity(locked),
    markers: locked['resolution-markers'] ?? null,
    dependencies: [
      ...locked.dependencies,
      ...extras.flatMap(
        (extra) => locked['optional-dependencies'][extra] ?? [],
      ),
    ].map(textOf),
    hashes: [locked.sdist, ...locked.wheels].map(
      (artifact) => artifact?.hash ?? null,
    ),
  });
}

function sourceIdentity({ source }: Pick<LockedPackage, 'source'>): unknown {
  if ('registry' in source) return 'registry';
  // A git source's fragment is its commit; a URL's content is told by its hash.
  return source;
}

/** uv names the index in a dependency too where a name is locked from several. */
function withoutAddress(dependency: LockedDependency): LockedDependency {
  const source = dependency['source'];
  return typeof source === 'object' && source !== null
    ? { ...dependency, source: sourceIdentity({ source: { ...source } }) }
    : dependency;
}
