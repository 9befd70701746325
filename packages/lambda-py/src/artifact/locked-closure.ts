import { hash } from 'node:crypto';
import { memberDigest, runtimeMembers } from '../workspace/closure';
import type { LockedMember } from '../workspace/lock-file';
import { readLockText } from '../workspace/lock-text';
import { requireLockFile } from '../workspace/requirements';
import { contentKey, openArtifactCache } from './artifact-cache';
import { loadJson, storeJson } from './sealed-json';

/** What uv.lock says of a project's closure, and pack asks. */
export interface LockedClosure {
  /** The digest that the project's requirements.txt has to bear: SHA-256 in hex. */
  readonly digest: string;
  /** The workspace members of the closure, without the project itself. */
  readonly libraries: readonly LockedMember[];
}

/** The version of what is computed here. Raise it with any change to either part, so that none is taken from the cache. */
const CLOSURE_FORMAT = 1;

/**
 * What uv.lock says of a project's closure. A change of a line of code changes nothing in it, so it is kept by the
 * content of uv.lock, which is then neither parsed nor walked.
 *
 * @param workspaceRoot - absolute path
 * @param projectName - the service's or the layer's
 * @returns the closure
 * @throws a LambdaPyError when the lock file is missing or broken
 */
export function lockedClosure(
  workspaceRoot: string,
  projectName: string,
): LockedClosure {
  const cache = openArtifactCache(workspaceRoot, 'locks');
  const key = contentKey(
    'locked closure',
    String(CLOSURE_FORMAT),
    projectName,
    // Where there is none, nothing is kept: the next step fails.
    hash('sha256', readLockText(workspaceRoot) ?? ''),
  );
  const known = loadJson(cache, key);
  if (known !== undefined) return known as LockedClosure;
  const lock = requireLockFile(workspaceRoot);
  const closure = {
    digest: memberDigest(lock, projectName),
    libraries: runtimeMembers(lock, projectName),
  };
  storeJson(cache, key, closure);
  return closure;
}
