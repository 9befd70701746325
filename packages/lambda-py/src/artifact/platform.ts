import type { MarkerEnvironment } from '../workspace/markers';
import type { Architecture, Runtime } from '../workspace/runtimes';

/** What an artifact is made for: the wheels that fit and, later, the bytecode that is valid depend on it. */
export interface Target {
  readonly runtime: Runtime;
  readonly architecture: Architecture;
}

// The minor versions of glibc 2 that uv has a manylinux platform for: `uv pip install --help`, `--python-platform`
// (uv 0.11 to 0.13). A wheel with a lower tag is accepted, one with a higher tag is not.
const KNOWN_MANYLINUX_MINORS = [
  17, 28, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
] as const;

// The machine names of Linux for Lambda's architectures.
const MACHINES: Readonly<Record<Architecture, string>> = {
  x86_64: 'x86_64',
  arm64: 'aarch64',
};

/**
 * The platform that uv resolves wheels for: the highest manylinux tag (PEP 600) that uv knows and whose glibc is not
 * above the runtime's.
 *
 * @param target - runtime and architecture
 * @returns the value of uv's `--python-platform`, for instance `aarch64-manylinux_2_34`
 */
export function uvPlatform({ runtime, architecture }: Target): string {
  const { major, minor } = runtime.glibc;
  const known = KNOWN_MANYLINUX_MINORS.filter(
    (candidate) => major === 2 && candidate <= minor,
  ).at(-1);
  if (known === undefined) {
    throw new Error(`uv knows no platform for glibc ${major}.${minor}`);
  }
  return `${MACHINES[architecture]}-manylinux_2_${known}`;
}

/**
 * What environment markers are judged by: the same as uv's for `--python-version 3.x` and `--python-platform`, by which
 * a micro version is the first one.
 *
 * @param target - runtime and architecture
 * @returns the variables that are certain; releases and versions of the operating system are not
 */
export function markerEnvironment({
  runtime: { pythonVersion },
  architecture,
}: Target): MarkerEnvironment {
  return {
    implementation_name: 'cpython',
    os_name: 'posix',
    platform_machine: MACHINES[architecture],
    platform_python_implementation: 'CPython',
    platform_system: 'Linux',
    python_full_version: `${pythonVersion}.0`,
    python_version: pythonVersion,
    sys_platform: 'linux',
  };
}
