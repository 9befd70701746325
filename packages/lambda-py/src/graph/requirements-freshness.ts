import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../workspace/errors';
import type { LockedRequirements } from '../workspace/locked-requirements';
import {
  REQUIREMENTS_FILE,
  requirementsState,
  TOOLCHAIN_REQUIREMENTS_FILE,
} from '../workspace/requirements-file';
import type { PythonProject, PythonWorkspace } from './python-workspace';

/** A member of the uv workspace whose locked requirements have been compared with uv.lock. */
export interface JudgedProject extends PythonProject {
  /** True where requirements.txt is what uv.lock says; that of every layer that the project uses too. */
  readonly requirementsAreFresh: boolean;
}

/** How the locked requirements of a workspace stand to uv.lock. */
export interface JudgedRequirements {
  /** The projects, each with its own result. */
  readonly projects: readonly JudgedProject[];
  /** True where requirements-dev.txt is what uv.lock says. */
  readonly toolchainIsFresh: boolean;
  /** False where the sync generator may have something to write, or to say. */
  readonly areInSync: boolean;
}

/**
 * Compares the locked requirements with uv.lock.
 *
 * All of each file is read, as the sync generator does: where it finds nothing to do here, it need not be asked before a
 * task. A thousand files take some 35 ms; to ask it, Nx reads the whole workspace a second time where it has no daemon.
 *
 * @param workspaceRoot - absolute path
 * @param workspace - the projects, and what uv.lock asks for
 * @param warn - told why a file could not be read; it counts as one that is not true
 * @returns the projects with the result
 */
export function judgeRequirements(
  workspaceRoot: string,
  {
    projects,
    lockedRequirements,
    usesPipTools,
  }: Pick<PythonWorkspace, 'projects' | 'lockedRequirements' | 'usesPipTools'>,
  warn: (message: string) => void,
): JudgedRequirements {
  const fresh = new Set(
    lockedRequirements
      ?.filter((requirements) => isFresh(workspaceRoot, requirements, warn))
      .map(({ file }) => file),
  );
  const rootOf = new Map(
    projects.map(({ name, projectRoot }) => [name, projectRoot]),
  );
  return {
    projects: projects.map((project) => ({
      ...project,
      // What a layer holds is left out of the service: the closure of both decides what is in the zip.
      requirementsAreFresh: [project.name, ...project.layers].every((name) =>
        fresh.has(`${rootOf.get(name) ?? ''}/${REQUIREMENTS_FILE}`),
      ),
    })),
    toolchainIsFresh: fresh.has(TOOLCHAIN_REQUIREMENTS_FILE),
    areInSync:
      lockedRequirements?.length === fresh.size &&
      // What requirements.in should say is known from all of uv.lock alone.
      usesPipTools !== true,
  };
}

function isFresh(
  workspaceRoot: string,
  { file, digest }: LockedRequirements,
  warn: (message: string) => void,
): boolean {
  try {
    const content = readFileSync(join(workspaceRoot, file));
    return requirementsState(content, digest) === 'fresh';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      warn(messageOf(error));
    }
    return false;
  }
}
