import { hash } from 'node:crypto';
import {
  memberDigest,
  runtimeClosure,
  runtimeMembers,
} from '../workspace/closure';
import { lockedDependencies } from '../workspace/declared-dependencies';
import type { DeclaredDependencies } from '../workspace/declared-dependencies';
import { memberOf } from '../workspace/lock-file';
import type { LockedMember, LockedPackage } from '../workspace/lock-file';
import { readLockText } from '../workspace/lock-text';
import { requireLocked, requireLockFile } from '../workspace/requirements';
import type { PackedProject } from '../workspace/service';
import { contentKey, openArtifactCache } from './artifact-cache';
import { markerEnvironment } from './platform';
import { loadJson, storeJson } from './sealed-json';
import { unpackableSources } from './unpackable-sources';
import type { UnpackableSource } from './unpackable-sources';

/** What uv.lock says of a project's closure, and pack asks. */
export interface LockedClosure {
  /** The digest that the project's requirements.txt has to bear: SHA-256 in hex. */
  readonly digest: string;
  /** The workspace members that the project needs on its platform, without itself. */
  readonly libraries: readonly LockedMember[];
  /** The PEP 503 names of the members that it needs on any platform. */
  readonly libraryNames: readonly string[];
  /** What it needs on its platform and no artifact can hold. */
  readonly unpackable: readonly UnpackableSource[];
  /** What it and its libraries asked for when they were locked, by PEP 503 name, as far as uv.lock says. */
  readonly declared: Readonly<Record<string, DeclaredDependencies>>;
}

/** The version of what is computed here. Raise it with any change to any part, so that none is taken from the cache. */
const CLOSURE_FORMAT = 3;

/**
 * What uv.lock says of a project's closure. A change of a line of code changes nothing in it, so it is kept by the
 * content of uv.lock, which is then neither parsed nor walked.
 *
 * @param workspaceRoot - absolute path
 * @param project - the service or the layer
 * @returns the closure
 * @throws a LambdaPyError when the lock file is missing or broken, or does not have the project
 */
export function lockedClosure(
  workspaceRoot: string,
  project: PackedProject,
): LockedClosure {
  const { projectName } = project;
  const platform = markerEnvironment(project);
  const cache = openArtifactCache(workspaceRoot, 'locks');
  const key = contentKey(
    'locked closure',
    String(CLOSURE_FORMAT),
    projectName,
    JSON.stringify(platform),
    // Where there is none, nothing is kept: the next step fails.
    hash('sha256', readLockText(workspaceRoot) ?? ''),
  );
  const known = loadJson(cache, key);
  if (known !== undefined) return known as LockedClosure;
  const lock = requireLockFile(workspaceRoot);
  requireLocked(lock, project);
  const needed = runtimeClosure(lock, projectName, platform);
  const closure: LockedClosure = {
    digest: memberDigest(lock, projectName),
    libraries: runtimeMembers(lock, projectName, platform),
    libraryNames: runtimeMembers(lock, projectName).map(({ name }) => name),
    unpackable: unpackableSources(needed),
    declared: declaredByMembers(needed),
  };
  storeJson(cache, key, closure);
  return closure;
}

function declaredByMembers(
  closure: readonly LockedPackage[],
): LockedClosure['declared'] {
  return Object.fromEntries(
    closure.flatMap((locked) => {
      const name = memberOf(locked)?.name;
      const declared = lockedDependencies(locked);
      return name === undefined || declared === undefined
        ? []
        : [[name, declared] as const];
    }),
  );
}
