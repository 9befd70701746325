import type { Tree } from '@nx/devkit';
import { normalize } from 'node:path/posix';
import { LambdaPyError } from '../../workspace/errors';
import { deriveProjectNames } from '../../workspace/names';
import type { ProjectNames } from '../../workspace/names';
import { parseLockFile, LOCK_FILE, memberOf } from '../../workspace/lock-file';
import { parsePyproject } from '../../workspace/pyproject';
import { addMember } from './merge-root-pyproject';
import { isMemberFolder, readPyprojects } from './tree-workspace';

/** A project that is about to be generated. */
export interface NewProject extends ProjectNames {
  /** Its folder, relative to the workspace root, with `/`. */
  readonly projectRoot: string;
}

/** The distributions that generated projects import; a project of the same name would hide them. */
const GENERATED_DEPENDENCIES = [
  'aws-lambda-powertools',
  'boto3',
  'botocore',
  'httpx',
  'lambda-kit',
  'lambda-py',
  'moto',
  'pydantic',
  'pytest',
  'tenacity',
  'tests',
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
  const own = new Set(pyprojects.map(({ project }) => project?.name));
  const names = deriveProjectNames(name, [
    ...GENERATED_DEPENDENCIES,
    ...lockedDependencies(tree).filter((dependency) => !own.has(dependency)),
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
 * @param tree - the workspace
 * @param projectRoot - the folder, relative to the workspace root, with `/`
 */
export async function ensureMember(
  tree: Tree,
  projectRoot: string,
): Promise<void> {
  const text = tree.read('pyproject.toml', 'utf8') ?? '';
  if (isMemberFolder(parsePyproject(text, 'pyproject.toml'), projectRoot)) {
    return;
  }
  tree.write('pyproject.toml', await addMember(text, projectRoot));
}

function lockedDependencies(tree: Tree): readonly string[] {
  const text = tree.read(LOCK_FILE, 'utf8');
  if (text === null) return [];
  return [...parseLockFile(text).packages.entries()]
    .filter(([, locked]) => locked.every((one) => memberOf(one) === undefined))
    .map(([name]) => name);
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
