import type { LockFile } from '../workspace/lock-file';
import type { Requirement } from './requirements-list';

/**
 * The lines of requirements for an installation of wheels alone: without the hashes of sdists, so that uv cannot take one
 * even where its settings tell it to build. Of what has no wheel the hashes stay, and uv says that it has none.
 *
 * @param lock - what they were exported from
 * @param requirements - what is installed
 * @returns a line for each
 */
export function linesForWheels(
  lock: LockFile,
  requirements: readonly Requirement[],
): readonly string[] {
  return requirements.map(({ name = '', line }) =>
    (lock.packages.get(name) ?? [])
      .filter(({ wheels }) => wheels.some(({ hash }) => hash !== undefined))
      .flatMap(({ sdist }) => sdist?.hash ?? [])
      .reduce((shorter, hash) => shorter.replace(` --hash=${hash}`, ''), line),
  );
}
