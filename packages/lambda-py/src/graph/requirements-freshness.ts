import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../workspace/errors';
import {
  DECLARATION_LENGTH,
  declaresDigest,
  REQUIREMENTS_FILE,
  TOOLCHAIN_REQUIREMENTS_FILE,
} from '../workspace/requirements-file';
import type { PythonProject } from './python-workspace';

/** A member of the uv workspace whose locked requirements have been compared with uv.lock. */
export interface JudgedProject extends PythonProject {
  /** True where requirements.txt is what uv.lock says; that of every layer that the project uses too. */
  readonly requirementsAreFresh: boolean;
}

/**
 * Compares each project's requirements.txt with uv.lock.
 *
 * Of each file, the header alone is read: it changes with the closure. What follows need not be judged here, since the
 * file is an input itself: one that was edited by hand has another hash, so that nothing of the true one is taken from the
 * cache for it, and `nx sync` and `pack` look at all of it.
 *
 * @param workspaceRoot - absolute path
 * @param projects - the projects
 * @param warn - told why a file could not be read; it counts as one that is not true
 * @returns the projects with the result
 */
export function judgeRequirements(
  workspaceRoot: string,
  projects: readonly PythonProject[],
  warn: (message: string) => void,
): readonly JudgedProject[] {
  const fresh = new Set(
    projects
      .filter(({ projectRoot, lockedDigest }) =>
        isFresh(
          join(workspaceRoot, projectRoot, REQUIREMENTS_FILE),
          lockedDigest,
          warn,
        ),
      )
      .map(({ name }) => name),
  );
  return projects.map((project) => ({
    ...project,
    // What a layer holds is left out of the service: the closure of both decides what is in the zip.
    requirementsAreFresh: [project.name, ...project.layers].every((name) =>
      fresh.has(name),
    ),
  }));
}

/**
 * Compares the toolchain's requirements-dev.txt with uv.lock.
 *
 * @param workspaceRoot - absolute path
 * @param toolchainDigest - what uv.lock says; none where there is no lock file
 * @param warn - told why the file could not be read; it counts as one that is not true
 * @returns true where the file is what uv.lock says
 */
export function isToolchainFresh(
  workspaceRoot: string,
  toolchainDigest: string | undefined,
  warn: (message: string) => void,
): boolean {
  const path = join(workspaceRoot, TOOLCHAIN_REQUIREMENTS_FILE);
  return isFresh(path, toolchainDigest, warn);
}

function isFresh(
  path: string,
  digest: string | undefined,
  warn: (message: string) => void,
): boolean {
  if (digest === undefined) return false;
  try {
    return declaresDigest(readStart(path), digest);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      warn(messageOf(error));
    }
    return false;
  }
}

function readStart(path: string): Buffer {
  const start = Buffer.alloc(DECLARATION_LENGTH);
  const file = openSync(path, 'r');
  try {
    return start.subarray(0, readSync(file, start));
  } finally {
    closeSync(file);
  }
}
