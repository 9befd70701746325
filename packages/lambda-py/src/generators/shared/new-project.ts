import type { Tree } from '@nx/devkit';
import { normalize } from 'node:path/posix';
import { LambdaPyError } from '../../workspace/errors';
import { deriveProjectNames } from '../../workspace/names';
import type { ProjectNames } from '../../workspace/names';
import { parseLockFile, LOCK_FILE, memberOf } from '../../workspace/lock-file';
import { membershipOf } from '../../workspace/member-globs';
import { parsePyproject } from '../../workspace/pyproject';
import { refuseIgnoredFolder } from './ignored-folder';
import { addMember } from './merge-root-pyproject';
import { readPyprojects } from './tree-workspace';

/** A project that is about to be generated. */
export interface NewProject extends ProjectNames {
  /** Its folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
}

/** The distributions that generated projects are written with; a project of the same name would hide them. */
const GENERATED_DEPENDENCIES = [
  'aws-lambda-powertools',
  'aws-xray-sdk',
  'bandit',
  'black',
  'boto3',
  'boto3-stubs',
  'botocore',
  'coverage',
  'httpx',
  'lambda-kit',
  'lambda-py',
  'moto',
  'mypy',
  'pre-commit',
  'pydantic',
  'pytest',
  'pytest-cov',
  'ruff',
  'tenacity',
  'tests',
  'time-machine',
  'uv',
  'uv-build',
];

/**
 * Checks the name and the folder that a user gave to a new project.
 *
 * @param tree - the workspace
 * @param name - as the user typed it
 * @param directory - the project's folder as the user typed it; `<defaultFolder>/<name>` when left out
 * @param defaultFolder - `services` or `libs`
 * @returns the project's names and folder
 * @throws {@link LambdaPyError} when the name cannot be used or is taken, or the folder is outside of the workspace or
 * another project's
 */
export async function planNewProject(
  tree: Tree,
  name: string,
  directory: string | undefined,
  defaultFolder: string,
): Promise<NewProject> {
  const pyprojects = await readPyprojects(tree);
  const locked = lockedPackages(tree);
  const own = new Set([
    ...pyprojects.map(({ project }) => project?.name),
    ...locked.filter(({ isMember }) => isMember).map(({ name }) => name),
  ]);
  const dependencies = [
    ...locked.map(({ name }) => name),
    // Those that are not locked yet.
    ...pyprojects.flatMap(({ dependencyNames }) => dependencyNames),
  ];
  const names = deriveProjectNames(name, [
    ...GENERATED_DEPENDENCIES,
    ...dependencies.filter((dependency) => !own.has(dependency)),
  ]);
  const projectRoot = folderOf(
    directory ?? `${defaultFolder}/${names.projectName}`,
  );
  const file = `${projectRoot}/pyproject.toml`;
  const twin = pyprojects.find(
    ({ project }) => project?.name === names.projectName,
  );
  if (twin !== undefined && twin.file !== file) {
    throw new LambdaPyError({
      problem: `the name ${JSON.stringify(name)} is taken`,
      found: `${twin.file} has [project] name = "${names.projectName}"`,
      mend: 'choose another name',
    });
  }
  const occupant = pyprojects.find((pyproject) => pyproject.file === file);
  if (occupant !== undefined && occupant !== twin) {
    throw new LambdaPyError({
      file,
      problem: 'the folder holds another project',
      found: occupant.project?.name ?? 'no [project] name',
      expected: names.projectName,
      mend: 'choose another --directory',
    });
  }
  return { ...names, projectRoot };
}

/**
 * Makes a folder a member of the uv workspace where no glob does yet.
 *
 * @param tree - the workspace, the project's pyproject.toml included
 * @param projectRoot - the folder, relative to the workspace root, with `/`
 * @throws {@link LambdaPyError} when the workspace excludes the folder, or git and Nx ignore it
 */
export async function ensureMember(
  tree: Tree,
  projectRoot: string,
): Promise<void> {
  refuseIgnoredFolder(tree, projectRoot);
  const file = 'pyproject.toml';
  const text = tree.read(file, 'utf8') ?? '';
  const globs = parsePyproject(text, file).uvWorkspace;
  const membership =
    globs === undefined ? 'outside' : membershipOf(globs)(projectRoot);
  if (membership === 'member') return;
  if (membership === 'excluded') {
    throw new LambdaPyError({
      file,
      location: '[tool.uv.workspace] exclude',
      problem: 'the folder of the new project is excluded from the workspace',
      found: projectRoot,
      mend: `choose another --directory, or edit ${file}`,
    });
  }
  tree.write(file, await addMember(text, projectRoot));
}

function lockedPackages(
  tree: Tree,
): readonly { readonly name: string; readonly isMember: boolean }[] {
  const text = tree.read(LOCK_FILE, 'utf8');
  if (text === null) return [];
  return [...parseLockFile(text).packages.entries()].map(([name, locked]) => ({
    name,
    isMember: locked.some((one) => memberOf(one) !== undefined),
  }));
}

function folderOf(directory: string): string {
  const folder = normalize(directory.replaceAll('\\', '/')).replace(/\/+$/, '');
  const isInside =
    folder !== '.' && !/^(?:\.\.(?:\/|$)|\/|[A-Za-z]:)/.test(folder);
  // A glob character would make the workspace's members something else than this folder.
  if (isInside && /^[\w.@/ -]+$/.test(folder)) return folder;
  throw new LambdaPyError({
    location: '--directory',
    problem: 'the folder cannot hold a project',
    found: JSON.stringify(directory),
    expected:
      'a folder below the workspace root, of letters, digits, "-", "_", ".", "@" and spaces',
    mend: 'choose another --directory',
  });
}
