/** The parts of a final release: `[3, 12, 4]`. */
export type Release = readonly number[];

/** A clause of PEP 440: `>=` and `3.12`. */
export interface Clause {
  readonly operator: string;
  /** A version; with `.*` behind it also the start of one. */
  readonly operand: string;
}

/** How two versions may stand to each other in PEP 440, https://peps.python.org/pep-0440/#version-specifiers */
const CLAUSE = /^(?<operator>~=|===?|!=|<=|>=|<|>)\s*(?<operand>\S+)$/;

// Lambda moves its runtimes from one micro version to the next. No minor version of Python 3 has had as many.
const MICRO_VERSIONS = 100;

/**
 * Tells whether any release of a minor version of Python fits a `requires-python`: which one Lambda runs, it does not say.
 *
 * @param specifiers - PEP 440 clauses with commas between them, for instance `>=3.11,<4`
 * @param minorVersion - for instance `3.12`
 * @returns false only where that is certain
 */
export function admitsPython(
  specifiers: string,
  minorVersion: string,
): boolean {
  const minor = releaseOf(minorVersion);
  if (minor === undefined) return true;
  return Array.from({ length: MICRO_VERSIONS }, (_, micro) => [
    ...minor,
    micro,
  ]).some((release) => admitsRelease(specifiers, release));
}

/**
 * Tells whether a final release fits a list of clauses.
 *
 * @param specifiers - PEP 440 clauses with commas between them, for instance `>=1.10,<2`
 * @param release - the release
 * @returns false only where that is certain
 */
export function admitsRelease(specifiers: string, release: Release): boolean {
  return clausesOf(specifiers).every(
    ({ operator, operand }) => compares(release, operator, operand) ?? true,
  );
}

/**
 * Splits a list of clauses.
 *
 * @param specifiers - PEP 440 clauses with commas between them; may be empty
 * @returns the clauses; one that is none with an empty operator, which {@link compares} does not know
 */
export function clausesOf(specifiers: string): readonly Clause[] {
  return specifiers
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '')
    .map((clause) => {
      const { operator = '', operand = '' } = CLAUSE.exec(clause)?.groups ?? {};
      return { operator, operand };
    });
}

/**
 * Reads the version of a final release.
 *
 * @param version - for instance `3.12.4`
 * @returns its parts; `undefined` for any other version, such as `3.13rc1`
 */
export function releaseOf(version: string): Release | undefined {
  return /^\d+(?:\.\d+)*$/.test(version)
    ? version.split('.').map(Number)
    : undefined;
}

/**
 * Judges a clause of PEP 440 for a final release.
 *
 * @param release - the release
 * @param operator - for instance `>=`
 * @param operand - a version, for `==` and `!=` also one that ends in `.*`
 * @returns whether it holds; `undefined` where the operand is no final release, or the operator none that is known
 */
export function compares(
  release: Release,
  operator: string,
  operand: string,
): boolean | undefined {
  const isPrefix = operand.endsWith('.*');
  const other = releaseOf(isPrefix ? operand.slice(0, -2) : operand);
  if (other === undefined) return undefined;
  const order = isPrefix
    ? compareReleases(firstParts(release, other.length), other)
    : compareReleases(release, other);
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
  }
  if (isPrefix) return undefined;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '~=':
      return (
        order >= 0 &&
        compareReleases(
          firstParts(release, other.length - 1),
          other.slice(0, -1),
        ) === 0
      );
    default:
      return undefined;
  }
}

/** PEP 440 pads with zeros: 3.12 is 3.12.0. */
function compareReleases(one: Release, other: Release): number {
  const length = Math.max(one.length, other.length);
  const differences = Array.from(
    { length },
    (_, index) => (one[index] ?? 0) - (other[index] ?? 0),
  );
  return differences.find((difference) => difference !== 0) ?? 0;
}

function firstParts(release: Release, length: number): Release {
  return Array.from({ length }, (_, index) => release[index] ?? 0);
}
