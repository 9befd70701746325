import { admitsRelease, clausesOf, releaseOf } from './python-specifier';
import type { Clause, Release } from './python-specifier';

/** More than any part of a version is. */
const HIGHEST = Number.MAX_SAFE_INTEGER;

/**
 * Tells whether two lists of clauses admit the same final releases. uv keeps what uv.lock says where they do, so that
 * nobody could make it say the other.
 *
 * Neither admits more on one side of a version that it names than close to it, so the versions that both name, and the
 * nearest on each side of them, speak for all.
 *
 * @param one - clauses of final releases with commas between them, for instance `>=1.10,<2`
 * @param other - the same
 * @returns true where they do; false where neither admits any, so that nothing is known
 */
export function admitSameReleases(one: string, other: string): boolean {
  const bounds = [one, other].flatMap(clausesOf).flatMap(boundsOf);
  const longest = Math.max(0, ...bounds.map(({ length }) => length));
  const releases = [
    [0],
    [HIGHEST],
    ...bounds.flatMap((bound) => [
      nearestBelow(bound),
      bound,
      nearestAbove(bound, longest),
    ]),
  ];
  const admitted = releases.filter((release) => admitsRelease(one, release));
  return (
    admitted.length > 0 &&
    releases.every(
      (release) => admitsRelease(other, release) === admitted.includes(release),
    )
  );
}

/** The versions at which what a clause says begins or ends. */
function boundsOf({ operator, operand }: Clause): readonly Release[] {
  const prefix = /^(?<version>.*)\.\*$/.exec(operand)?.groups?.['version'];
  const release = releaseOf(prefix ?? operand);
  if (release === undefined) return [];
  if (prefix !== undefined) return [release, next(release)];
  return operator === '~=' ? [release, next(release.slice(0, -1))] : [release];
}

/** `1.10` for `1.9`. */
function next(release: Release): Release {
  return [...release.slice(0, -1), (release.at(-1) ?? 0) + 1];
}

function nearestBelow(release: Release): Release {
  const last = release.findLastIndex((part) => part > 0);
  return last < 0
    ? [0]
    : [...release.slice(0, last), (release[last] ?? 0) - 1, HIGHEST];
}

function nearestAbove(release: Release, longest: number): Release {
  return [...release, ...Array<number>(longest).fill(0), 1];
}
