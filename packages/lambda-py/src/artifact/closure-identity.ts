import type { Bytecode } from './bytecode';
import { uvPlatform } from './platform';
import type { Target } from './platform';
import type { Requirement } from './requirements-list';
import { SEGMENT_FORMAT } from './segment-file';

/** The closure of a service, without local libraries, and what it is for. */
export interface ClosureRequest {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The service's locked requirements: an absolute path. */
  readonly requirementsFile: string;
  /** What stands in that file, as it was read once. */
  readonly requirementsText: string;
  /** The same, parsed. */
  readonly requirements: readonly Requirement[];
  readonly target: Target;
  readonly bytecode: Bytecode;
  /** PEP 503 names of what is left out. */
  readonly leftOut: ReadonlySet<string>;
  /** After how many seconds uv is stopped; never when left out. */
  readonly timeout?: number;
}

/**
 * All that the segments of a locked closure depend on.
 *
 * @param request - the closure
 * @returns parts of a content key
 */
export function closureIdentity(request: ClosureRequest): string[] {
  return [
    ...targetParts(request),
    ...neededRequirements(request).map(({ line }) => line),
  ];
}

/**
 * The requirements of a closure without those that are left out.
 *
 * @param request - the closure
 * @returns the others
 */
export function neededRequirements({
  requirements,
  leftOut,
}: ClosureRequest): readonly Requirement[] {
  return requirements.filter(
    ({ name }) => name === undefined || !leftOut.has(name),
  );
}

/**
 * All of the target that decides which wheel uv takes, and what is made of it; a wheel is then told by name, version
 * and hashes.
 *
 * @param request - the closure
 * @returns parts of a content key
 */
export function targetParts({ target, bytecode }: ClosureRequest): string[] {
  return [
    String(SEGMENT_FORMAT),
    target.runtime.pythonVersion,
    uvPlatform(target),
    bytecode.identity,
  ];
}
