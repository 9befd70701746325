import { LambdaPyError } from '../workspace/errors';
import type { Architecture } from '../workspace/runtimes';
import { ELF_MACHINES, machineName } from './elf';
import type { ArtifactEntry } from './merge-segments';

// A shared library, with or without a version: `libgfortran.so.5`. Other ELF files are programs that a package may
// carry for several machines.
const SHARED_LIBRARY = /\.so(?:\.\d+)*$/;
const SHOWN_FILES = 5;

/**
 * Checks that every shared library is for the artifact's architecture.
 *
 * @param entries - what the artifact holds
 * @param architecture - the service's
 * @throws {@link LambdaPyError} that names distribution and files
 */
export function requireArchitecture(
  entries: readonly ArtifactEntry[],
  architecture: Architecture,
): void {
  const wrong = entries.filter(
    ({ entry }) =>
      SHARED_LIBRARY.test(entry.path) &&
      entry.machine !== undefined &&
      entry.machine !== ELF_MACHINES[architecture],
  );
  const [first] = wrong;
  if (first === undefined) return;
  const files = wrong.map(
    ({ entry }) => `${entry.path} (${machineName(entry.machine ?? 0)})`,
  );
  const { name, version } = first.segment;
  throw new LambdaPyError({
    problem: `${name} ${version} has shared libraries that do not run on ${architecture}`,
    found: [
      ...files.slice(0, SHOWN_FILES),
      ...(files.length > SHOWN_FILES
        ? [`and ${files.length - SHOWN_FILES} more`]
        : []),
    ].join(', '),
    expected: `shared libraries for ${architecture}`,
    mend: `take a version of ${name} with wheels for ${architecture}, or choose the other architecture in [tool.lambda-py]`,
  });
}
