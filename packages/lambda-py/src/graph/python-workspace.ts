import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { LambdaPyError, messageOf } from '../workspace/errors';
import type { LockedMemberSummary } from '../workspace/lock-summary';
import { membershipOf } from '../workspace/member-globs';
import { normaliseProjectName } from '../workspace/names';
import type { MemberDescription } from './member-description';
import { openMemberDescriptions, readLockSummary } from './workspace-files';

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
  /** True where the code stands in a folder `src`, so that no other folder is a package. */
  readonly hasSourceFolder: boolean;
  /** The distributions that the project names, members or not. */
  readonly dependencyNames: readonly string[];
  /** The members that the project names according to uv.lock. */
  readonly lockedNames: readonly string[];
  /** The digest that uv.lock gives its locked requirements; none where it is not locked. */
  readonly lockedDigest?: string;
}

/** The uv workspace, as the project graph needs it. */
export interface PythonWorkspace {
  readonly projects: readonly PythonProject[];
  /** The digest that uv.lock gives the toolchain's locked requirements; none where there is no lock file. */
  readonly toolchainDigest?: string;
  /** What is wrong with the workspace: each a message for the user. */
  readonly warnings: string[];
}

/**
 * Reads the uv workspace for the project graph.
 *
 * Nothing here throws for what a user wrote: a broken file costs a warning, and every other project still works.
 *
 * @param workspaceRoot - absolute path
 * @param files - every pyproject.toml of the repository, relative to it, with `/`
 * @returns the projects and what is wrong with the workspace
 */
export function readPythonWorkspace(
  workspaceRoot: string,
  files: readonly string[],
): PythonWorkspace {
  if (!files.includes('pyproject.toml')) return { projects: [], warnings: [] };
  const warnings: string[] = [];
  const warn = (error: unknown): void => {
    warnings.push(messageOf(error));
  };
  const descriptions = openMemberDescriptions(workspaceRoot, warn);
  const root = descriptions.read('pyproject.toml');
  const lock = readLockSummary(workspaceRoot, warn);
  const locked = new Map(lock?.members.map((member) => [member.name, member]));
  const lockedNames = new Map(
    lock?.members.map(({ projectRoot, name }) => [projectRoot, name]),
  );
  const projects = new Map<string, PythonProject>();
  for (const file of memberFiles(root, files, lockedNames)) {
    const description = descriptions.read(file);
    const projectRoot = dirname(file);
    // A file that cannot be read keeps its project, so that CI fails on it rather than skips it.
    const name =
      description?.name ??
      lockedNames.get(projectRoot) ??
      normaliseProjectName(basename(projectRoot));
    const twin = projects.get(name);
    if (twin === undefined) {
      projects.set(name, {
        ...projectOf(workspaceRoot, file, description, locked.get(name)),
        name,
      });
      continue;
    }
    warnings.push(
      new LambdaPyError({
        file,
        location: '[project] name',
        problem: 'two projects have the same name: this one is left out',
        found: `"${name}", which ${twin.projectRoot}/pyproject.toml has too`,
        expected: 'a name of its own (PEP 503: "-", "_" and "." are the same)',
        mend: `edit ${file}`,
      }).message,
    );
  }
  descriptions.save();
  return {
    projects: [...projects.values()],
    ...(lock === undefined ? {} : { toolchainDigest: lock.toolchainDigest }),
    warnings,
  };
}

function memberFiles(
  root: MemberDescription | undefined,
  files: readonly string[],
  lockedNames: ReadonlyMap<string, string>,
): readonly string[] {
  const membership =
    root?.uvWorkspace === undefined
      ? undefined
      : membershipOf(root.uvWorkspace);
  return files
    .map((file) => dirname(file))
    .filter((folder) =>
      folder === '.'
        ? // A root that is a project itself, and one that is built, is a member too.
          root?.name !== undefined && root.isPackage
        : root === undefined
          ? // It cannot be read: the projects must fail in CI, not vanish from it.
            lockedNames.has(folder)
          : membership?.(folder) === 'member',
    )
    .sort()
    .map((folder) => join(folder, 'pyproject.toml'));
}

function projectOf(
  workspaceRoot: string,
  file: string,
  member: MemberDescription | undefined,
  locked: LockedMemberSummary | undefined,
): Omit<PythonProject, 'name'> {
  return {
    projectRoot: dirname(file),
    ...(member?.description === undefined
      ? {}
      : { description: member.description }),
    tags: member?.tags ?? [],
    isService: member?.isService ?? looksLikeService(workspaceRoot, file),
    hasSourceFolder: existsSync(join(workspaceRoot, dirname(file), 'src')),
    dependencyNames: member?.dependencyNames ?? [],
    lockedNames: locked?.memberNames ?? [],
    ...(locked === undefined ? {} : { lockedDigest: locked.digest }),
  };
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
