import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { memberDigest } from '../workspace/closure';
import { LambdaPyError, messageOf } from '../workspace/errors';
import { memberOf, readLockFile } from '../workspace/lock-file';
import type { LockFile } from '../workspace/lock-file';
import { membershipOf } from '../workspace/member-globs';
import { normaliseProjectName } from '../workspace/names';
import { readPyproject } from '../workspace/pyproject';
import type { Pyproject } from '../workspace/pyproject';
import {
  readTextIfPresent,
  REQUIREMENTS_FILE,
  requirementsState,
} from '../workspace/requirements';
import { parseLambdaPyTable } from '../workspace/service-configuration';

/** A member of the uv workspace, as the project graph needs it. */
export interface PythonProject {
  /** PEP 503 name. */
  readonly name: string;
  /** The project's folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
  readonly description?: string;
  /** Nx tags. */
  readonly tags: readonly string[];
  /** True where `[tool.lambda-py]` has a handler, right or wrong. */
  readonly isService: boolean;
  /** The distributions that the project names, members or not. */
  readonly dependencyNames: readonly string[];
  /** True where requirements.txt is what uv.lock says. */
  readonly requirementsAreFresh: boolean;
}

/** The uv workspace, as the project graph needs it. */
export interface PythonWorkspace {
  readonly projects: readonly PythonProject[];
  readonly lock?: LockFile;
  /** What is wrong with the workspace: each a message for the user. */
  readonly warnings: readonly string[];
}

/**
 * Reads the uv workspace for the project graph.
 *
 * Nothing here throws for what a user wrote: a broken file costs a warning, and every other project still works.
 *
 * @param workspaceRoot - absolute path
 * @param files - every pyproject.toml of the repository, relative to it, with `/`
 * @returns the projects, the lock file and what is wrong with either
 */
export function readPythonWorkspace(
  workspaceRoot: string,
  files: readonly string[],
): PythonWorkspace {
  const warnings: string[] = [];
  const attempt = <Result>(read: () => Result): Result | undefined => {
    try {
      return read();
    } catch (error) {
      warnings.push(messageOf(error));
      return undefined;
    }
  };
  if (!files.includes('pyproject.toml')) return { projects: [], warnings };
  const root = attempt(() => readPyproject(workspaceRoot, 'pyproject.toml'));
  const lock = attempt(() => readLockFile(workspaceRoot));
  const projects = new Map<string, PythonProject>();
  for (const file of memberFiles(root, files)) {
    const pyproject = attempt(() => readPyproject(workspaceRoot, file));
    const table =
      pyproject &&
      attempt(() => parseLambdaPyTable(pyproject.lambdaPy ?? {}, file));
    const described = describeProject(workspaceRoot, file, pyproject, lock);
    const project = {
      ...described,
      tags: table?.tags ?? [],
      requirementsAreFresh:
        attempt(() => hasFreshRequirements(workspaceRoot, described, lock)) ??
        false,
    };
    const twin = projects.get(project.name);
    if (twin === undefined) {
      projects.set(project.name, project);
      continue;
    }
    warnings.push(
      new LambdaPyError({
        file,
        location: '[project] name',
        problem: 'two projects have the same name: this one is left out',
        found: `"${project.name}", which ${twin.projectRoot}/pyproject.toml has too`,
        expected: 'a name of its own (PEP 503: "-", "_" and "." are the same)',
        mend: `edit ${file}`,
      }).message,
    );
  }
  return {
    projects: [...projects.values()],
    ...(lock === undefined ? {} : { lock }),
    warnings,
  };
}

function memberFiles(
  root: Pyproject | undefined,
  files: readonly string[],
): readonly string[] {
  const folders = files.map((file) => dirname(file));
  const membership =
    root?.uvWorkspace === undefined
      ? undefined
      : membershipOf(root.uvWorkspace);
  const members = folders.filter((folder) =>
    folder === '.'
      ? // A root that is a project itself, and one that is built, is a member too.
        root?.project !== undefined && root.isPackage
      : membership?.(folder) === 'member',
  );
  return members.sort().map((folder) => join(folder, 'pyproject.toml'));
}

function describeProject(
  workspaceRoot: string,
  file: string,
  pyproject: Pyproject | undefined,
  lock: LockFile | undefined,
): Omit<PythonProject, 'tags' | 'requirementsAreFresh'> {
  const projectRoot = dirname(file);
  // A file that cannot be read keeps its project, so that CI fails on it rather than skips it.
  const name =
    pyproject?.project?.name ??
    lockedNameOf(lock, projectRoot) ??
    normaliseProjectName(basename(projectRoot));
  const description = pyproject?.project?.description;
  return {
    name,
    projectRoot,
    ...(description === undefined ? {} : { description }),
    isService:
      pyproject === undefined
        ? looksLikeService(workspaceRoot, file)
        : hasHandler(pyproject.lambdaPy),
    dependencyNames: pyproject?.dependencyNames ?? [],
  };
}

function hasFreshRequirements(
  workspaceRoot: string,
  { name, projectRoot }: Pick<PythonProject, 'name' | 'projectRoot'>,
  lock: LockFile | undefined,
): boolean {
  return (
    lock !== undefined &&
    requirementsState(
      readTextIfPresent(join(workspaceRoot, projectRoot, REQUIREMENTS_FILE)),
      memberDigest(lock, name),
    ) === 'fresh'
  );
}

function lockedNameOf(
  lock: LockFile | undefined,
  projectRoot: string,
): string | undefined {
  return [...(lock?.packages.values() ?? [])]
    .flat()
    .map(memberOf)
    .find((member) => member?.projectRoot === projectRoot)?.name;
}

function hasHandler(table: unknown): boolean {
  return typeof table === 'object' && table !== null && 'handler' in table;
}

/** Whether a file that does not parse was meant to describe a service: its targets must fail, not vanish. */
function looksLikeService(workspaceRoot: string, file: string): boolean {
  const path = join(workspaceRoot, file);
  try {
    return (
      existsSync(path) &&
      readFileSync(path, 'utf8').includes('[tool.lambda-py]')
    );
  } catch {
    // It cannot be read: the warning has said so.
    return false;
  }
}
