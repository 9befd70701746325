import { LambdaPyError } from '../workspace/errors';
import type { ProcessResult } from '../workspace/process';
import { isOutOfSpace } from './disk-error';
import type { NamedIndex } from './index-parts';
import { helperInterpreter } from './interpreter';
import { uvPlatform } from './platform';
import type { Target } from './platform';
import { runTimedUv } from './timed-uv';

/** What is installed, and where. */
export interface Installation {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The requirements.txt of the closure: an absolute path. */
  readonly requirementsFile: string;
  /** The PEP 503 names of what stands there. */
  readonly names: readonly string[];
  readonly target: Target;
  /** An empty folder, or one that is not there yet. */
  readonly folder: string;
  /** The index that has it all, where uv would not ask that of itself. */
  readonly index?: NamedIndex;
  /** After how many seconds uv is stopped; never when left out. */
  readonly timeout?: number;
}

/**
 * Installs a locked closure for the target platform, whatever this machine's is.
 *
 * `uv pip sync` and not `install`: it installs what the file says and resolves nothing, so that constraints in the
 * workspace's `[tool.uv]`, which have no hashes, cannot make `--require-hashes` fail.
 *
 * Wheels alone: what is built here would be for this machine, and other bytes on another one.
 *
 * First without the network: uv asks the index whether its pages are still true, though what it has in its cache bears
 * the locked hashes. Only what it lacks there needs the index.
 *
 * @param installation - what and where
 * @throws {@link LambdaPyError} when a distribution has no wheel for the target, or uv fails otherwise
 */
export async function installClosure({
  workspaceRoot,
  requirementsFile,
  names,
  target,
  folder,
  index,
  timeout,
}: Installation): Promise<void> {
  const { executable } = await helperInterpreter(workspaceRoot);
  const platform = uvPlatform(target);
  const install = [
    'pip',
    'sync',
    '--quiet',
    '--require-hashes',
    '--python',
    executable,
    '--python-version',
    target.runtime.pythonVersion,
    '--python-platform',
    platform,
    // By name: a name in a setting `no-binary-package` of the user's would win over `:all:`, and be built.
    ...[...new Set(names)].flatMap((name) => ['--only-binary', name]),
    '--no-installer-metadata',
    '--no-compile-bytecode',
    // Where the cache is on another file system uv copies, and says so on stderr, which nobody sees.
    '--link-mode',
    'hardlink',
    '--target',
    folder,
    requirementsFile,
  ];
  const run = (...flags: readonly string[]): Promise<ProcessResult> =>
    runTimedUv(
      workspaceRoot,
      {
        timeout,
        purpose: 'installed the locked dependencies',
        ...(index === undefined ? {} : { variables: indexVariables(index) }),
      },
      [...install, ...flags],
    );
  const offline = await run('--offline');
  if (offline.exitCode === 0) return;
  const { exitCode, stderr } = await run();
  if (exitCode === 0) return;
  if (withoutWheel(stderr) !== undefined) {
    // Over `:all:`, in turn, the names above win: what such a setting names is taken as a wheel after all.
    const overruled = await run('--no-binary', ':all:');
    if (overruled.exitCode === 0) return;
  }
  throw installationError(stderr, platform, target);
}

/** Not an argument: those are seen by all users of a machine, and an address may have a token. The first index goes first. */
function indexVariables({ name, url }: NamedIndex): Record<string, string> {
  const others = process.env['UV_INDEX'] ?? '';
  return { UV_INDEX: `${name}=${url} ${others}`.trim() };
}

// uv 0.13: "Because numpy==2.5.5 has no usable wheels and you require …", "… has no wheels with a matching platform
// tag (e.g., `manylinux_2_34_x86_64`) and …". Where the requirement has a marker, it stands in braces after the name.
const NO_WHEEL =
  /Because\s+(?<name>[\w.-]+)(?:\{[^}]*\})?==(?<version>\S+)\s+has\s+no\s+(?:usable\s+)?wheels?(?<reason>[^]*?)\s+and\s/;

// uv 0.13: of a wheel it says "Failed to download", and no more. Sdists have no hash here where there is a wheel.
const BUILT =
  /Failed to download and build `(?<name>[\w.-]+)==[^]*Hash mismatch/;

/**
 * Explains why uv could not install a closure.
 *
 * @param stderr - what uv said
 * @param platform - the `--python-platform` it was asked for
 * @param target - the target of the artifact
 * @returns the error to throw
 */
export function installationError(
  stderr: string,
  platform: string,
  target: Target,
): LambdaPyError {
  const { name, version } = withoutWheel(stderr) ?? {};
  const { identifier, operatingSystem, glibc } = target.runtime;
  const built = BUILT.exec(stderr)?.groups?.['name'];
  if (built !== undefined) {
    return new LambdaPyError({
      problem: `uv is told to build ${built} from its source, which would be for this machine and not for Lambda's`,
      found: stderr.trim(),
      expected: `settings of uv by which it takes the wheel of ${built}`,
      mend: `remove ${built} from "no-binary-package" or "no-binary" in [tool.uv], or "no-build = true" beside it`,
    });
  }
  if (name === undefined) {
    return new LambdaPyError({
      problem: `uv could not install the locked dependencies for ${identifier} on ${target.architecture}`,
      found: stderr.trim(),
      mend: isOutOfSpace(stderr)
        ? 'free some space: for the cache of the workspace (.nx/lambda-py), of uv ("uv cache dir"), or for temporary files (TMPDIR), whichever uv names'
        : 'see what uv says; where the index was not reachable, try again',
    });
  }
  return new LambdaPyError({
    problem: `${name} ${version} has no wheel for ${identifier} on ${target.architecture}`,
    found: hintOf(stderr) ?? 'no wheel whose tags match',
    expected: `a wheel for Python ${target.runtime.pythonVersion} and ${platform} or older (${operatingSystem} has glibc ${glibc.major}.${glibc.minor}), or one for any platform`,
    mend: [
      `take a version of ${name} that has one ("uv add" with another version bound, then "nx sync")`,
      operatingSystem === 'Amazon Linux 2'
        ? 'or choose python3.12 or later in [tool.lambda-py], which run on Amazon Linux 2023, or another architecture'
        : 'or choose another runtime or architecture in [tool.lambda-py]',
      'or build the wheel for that platform and put it in an index of yours',
    ].join(', '),
  });
}

/** What has no wheel that uv would take. */
function withoutWheel(
  stderr: string,
): Readonly<Record<string, string>> | undefined {
  // uv wraps long lines, at any space.
  return NO_WHEEL.exec(stderr.replaceAll(/\s+/g, ' '))?.groups;
}

/** uv's hint on what there is instead, if it gives one: "Wheels are available for `x` (v1) on the following platforms: …". */
function hintOf(stderr: string): string | undefined {
  const hint = /hint: (Wheels are available[^]*?)(?:\n\n|$)/.exec(stderr)?.[1];
  return hint?.replaceAll(/\s+/g, ' ').trim();
}
