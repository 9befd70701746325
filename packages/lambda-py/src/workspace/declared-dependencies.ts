import type { LockedPackage } from './lock-file';
import { normaliseProjectName } from './names';
import type { DeclaredRequirement } from './requirement-text';
import { admitSameReleases } from './same-releases';

/**
 * The distributions that a project asks for at run time, by PEP 503 name, with the clauses of their versions as one text;
 * `null` where these cannot be compared.
 */
export type DeclaredDependencies = Readonly<Record<string, string | null>>;

// https://packaging.python.org/en/latest/specifications/dependency-specifiers/#grammar
const REQUIREMENT =
  /^\s*(?<name>[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*(?<specifier>[^;]*)/;

// Final releases only: uv writes other versions in its own way.
const CLAUSE =
  /^(?<operator>~=|[=!<>]=|<|>)\s*(?<version>\d+(?:\.\d+)*)(?<any>\.\*)?$/;

/** The keys by which uv.lock says that a requirement is from no index; it leaves versions out then. */
const OTHER_SOURCES = [
  'directory',
  'editable',
  'git',
  'path',
  'url',
  'virtual',
] as const;

/**
 * The dependencies of a pyproject.toml.
 *
 * @param dependencies - `[project] dependencies`
 * @returns them, to compare them with {@link lockedDependencies}
 */
export function writtenDependencies(
  dependencies: readonly string[],
): DeclaredDependencies {
  return gathered(
    dependencies.filter(isOfNoExtra).flatMap((text) => {
      const { name, specifier = '' } = REQUIREMENT.exec(text)?.groups ?? {};
      return name === undefined
        ? []
        : [{ name, clauses: comparableClauses(specifier) }];
    }),
  );
}

/**
 * The dependencies that a project had when it was locked; uv keeps them beside what they were resolved to.
 *
 * @param locked - a member
 * @returns them; `undefined` where uv.lock does not say, as that of an old uv
 */
export function lockedDependencies(
  locked: LockedPackage,
): DeclaredDependencies | undefined {
  const metadata = (locked['metadata'] ?? {}) as Readonly<
    Record<string, unknown>
  >;
  const declared = metadata['requires-dist'];
  if (declared === undefined) {
    return locked.dependencies.length === 0 ? {} : undefined;
  }
  if (!Array.isArray(declared)) return undefined;
  return gathered(
    (declared as readonly DeclaredRequirement[])
      .filter(({ marker }) => isOfNoExtra(`;${marker ?? ''}`))
      .map((requirement) => ({
        name: requirement.name,
        clauses: OTHER_SOURCES.some((key) => requirement[key] !== undefined)
          ? undefined
          : comparableClauses(requirement.specifier ?? ''),
      })),
  );
}

/**
 * What a pyproject.toml says otherwise than uv.lock.
 *
 * @param written - the dependencies of the pyproject.toml
 * @param locked - those of uv.lock
 * @returns for instance `six, which uv.lock does not have`; empty where both say the same
 */
export function differingDependencies(
  written: DeclaredDependencies,
  locked: DeclaredDependencies,
): readonly string[] {
  const added = Object.keys(written)
    .filter((name) => !(name in locked))
    .map((name) => `${name}, which uv.lock does not have`);
  const removed = Object.keys(locked)
    .filter((name) => !(name in written))
    .map((name) => `no ${name}, which uv.lock has`);
  const changed = Object.entries(written).flatMap(([name, clauses]) => {
    const before = locked[name];
    if (clauses === null || before === undefined || before === null) return [];
    const text = (value: string): string => (value === '' ? name : value);
    return sameVersions(clauses, before)
      ? []
      : `${name}${clauses}, where uv.lock has ${text(before)}`;
  });
  return [...added, ...removed, ...changed];
}

/** As uv sees it, by which it leaves uv.lock as it is. */
function sameVersions(clauses: string, before: string): boolean {
  return (
    withoutLastZeros(clauses) === withoutLastZeros(before) ||
    admitSameReleases(clauses, before)
  );
}

/** Of `~=`, they say what is meant. */
function withoutLastZeros(clauses: string): string {
  const shortened = clauses
    .split(',')
    .map((clause) =>
      clause.startsWith('~=')
        ? clause
        : clause.replace(/(?:\.0)+(?=(?:\.\*)?$)/, ''),
    );
  return [...new Set(shortened)].sort().join(',');
}

/** uv keeps the requirements of extras in the same list. */
function isOfNoExtra(requirement: string): boolean {
  return !/;.*\bextra\b/.test(requirement);
}

interface Declaration {
  readonly name: string;
  /** None where they cannot be compared. */
  readonly clauses: readonly string[] | undefined;
}

/** A name may be declared several times, each with its marker, and uv may write those as one. */
function gathered(declarations: readonly Declaration[]): DeclaredDependencies {
  const byName = new Map<string, Declaration[]>();
  for (const declaration of declarations) {
    const name = normaliseProjectName(declaration.name);
    byName.set(name, [...(byName.get(name) ?? []), declaration]);
  }
  return Object.fromEntries(
    [...byName].map(([name, all]) => {
      const clauses = all.map((one) => one.clauses);
      return [
        name,
        clauses.includes(undefined)
          ? null
          : [...new Set(clauses.flatMap((one) => one ?? []))].sort().join(','),
      ];
    }),
  );
}

function comparableClauses(specifier: string): readonly string[] | undefined {
  const texts = specifier
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  const clauses = texts.map((text) => {
    const groups = CLAUSE.exec(text)?.groups;
    if (groups === undefined) return undefined;
    const { operator = '', version = '', any = '' } = groups;
    const parts = version
      .split('.')
      .map((part) => part.replace(/^0+(?=\d)/, ''));
    return `${operator}${parts.join('.')}${any}`;
  });
  return clauses.every((clause) => clause !== undefined) ? clauses : undefined;
}
