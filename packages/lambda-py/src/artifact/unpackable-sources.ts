import { LambdaPyError } from '../workspace/errors';
import { LOCK_FILE, memberOf } from '../workspace/lock-file';
import type { LockedPackage } from '../workspace/lock-file';
import { normaliseProjectName } from '../workspace/names';

/** A locked package whose files are on this machine, and of which Nx sees no change. */
export interface UnpackableSource {
  /** PEP 503 name. */
  readonly name: string;
  /** How uv.lock writes the source, for instance `path = "wheels/kit-1.0-py3-none-any.whl"`. */
  readonly source: string;
}

/**
 * Finds the packages that no artifact can be made from: local wheels and sdists, and folders outside of the workspace.
 * They are in no requirements.txt, and without an error they would be missing.
 *
 * @param closure - locked packages
 * @returns them, sorted by name
 */
export function unpackableSources(
  closure: readonly LockedPackage[],
): readonly UnpackableSource[] {
  return closure
    .filter((locked) => memberOf(locked) === undefined)
    .flatMap(({ name, source }) =>
      ['path', 'directory', 'editable', 'virtual']
        .filter((key) => source[key] !== undefined)
        .map((key) => ({
          name: normaliseProjectName(name),
          source: `${key} = ${JSON.stringify(source[key])}`,
        })),
    )
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/**
 * Checks that everything in a closure can be packed.
 *
 * @param sources - what cannot be
 * @param provided - PEP 503 names of what need not be
 * @throws {@link LambdaPyError} that names each of the others
 */
export function requirePackable(
  sources: readonly UnpackableSource[],
  provided: readonly string[],
): void {
  const missing = sources.filter(({ name }) => !provided.includes(name));
  if (missing.length === 0) return;
  throw new LambdaPyError({
    file: LOCK_FILE,
    location: `package ${missing.map(({ name }) => name).join(', ')}`,
    problem:
      'a local wheel or archive, or a folder outside of the workspace, cannot be packed',
    found: missing.map(({ name, source }) => `${name}: ${source}`).join('; '),
    expected: 'a member of the workspace, or a distribution of an index',
    mend: 'make it a workspace member, or put the wheel in an index; then "uv lock" and "nx sync"',
  });
}
