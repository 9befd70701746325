import { existsSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { basename, dirname } from 'node:path/posix';
import { LambdaPyError } from '../workspace/errors';
import { indexImports, topLevelOf } from '../workspace/imports/import-index';
import type { ImportIndex } from '../workspace/imports/import-index';
import {
  importNamesOf,
  PYTHON_SOURCE,
  STUBS_FOLDER,
} from '../workspace/imports/import-names';
import type { ProjectSources } from '../workspace/imports/import-names';
import { mentionedNames } from '../workspace/imports/mentioned-names';
import { moduleFilesOf } from '../workspace/imports/module-files';
import { parseImports } from '../workspace/imports/parse-imports';
import type { FoundImport } from '../workspace/imports/parse-imports';
import {
  outermostSources,
  pythonFilesOf,
} from '../workspace/imports/source-files';
import { membershipOf } from '../workspace/member-globs';
import { normaliseProjectName } from '../workspace/names';
import { readPyproject } from '../workspace/pyproject';
import type { Pyproject } from '../workspace/pyproject';
import type { PythonEnvironment } from './environment';

/** Where undeclared imports are looked for. */
export interface ImportOptions {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The project's folder, relative to the workspace root. */
  readonly projectRoot: string;
  /** The folders of all projects of the workspace, members or not. */
  readonly projectRoots: readonly string[];
}

/** An import of a member that the project has not declared. */
export interface UndeclaredImport {
  /** Relative to the workspace root, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The member that is imported. */
  readonly imported: string;
  /** True in a test, whose imports reach no artifact. */
  readonly isTest: boolean;
}

/**
 * Finds what a project imports from members of the workspace that it has not declared: the environment, which all
 * members share, holds them; the artifact does not.
 *
 * A member that another dependency brings must be declared too: it is gone when that one has no more need of it. An
 * import that only a type checker follows counts, and so does one of a test, which may besides import what the root's
 * pyproject.toml declares, as it does pytest.
 *
 * @param environment - holds ruff, which parses
 * @param options - where to look
 * @param members - what {@link indexMembers} returns, where it is known already
 * @returns what was found, in the order of files and lines
 * @throws {@link LambdaPyError} when the project's pyproject.toml or the root's cannot be read, or ruff does not work
 */
export async function findUndeclaredImports(
  environment: PythonEnvironment,
  options: ImportOptions,
  members: () => ImportIndex = () => indexMembers(options),
): Promise<readonly UndeclaredImport[]> {
  const { workspaceRoot, projectRoot } = options;
  // A project that is alone cannot import another.
  if (options.projectRoots.every((root) => root === projectRoot)) return [];
  const folder = join(workspaceRoot, projectRoot);
  const index = members();
  const { dependencyNames } = readPyproject(
    workspaceRoot,
    join(projectRoot, 'pyproject.toml'),
  );
  const ownersOf = (importName: string): readonly string[] =>
    index.ownersOf(importName).map((root) => nameOf(workspaceRoot, root));
  const importNames = mentionedForeignNames(folder, projectRoot, index).filter(
    (name) => !ownersOf(name).some((owner) => dependencyNames.includes(owner)),
  );
  if (importNames.length === 0) return [];
  const rootNames = readPyproject(
    workspaceRoot,
    'pyproject.toml',
  ).dependencyNames;
  const found = await parse(environment, folder, importNames);
  return found.flatMap(({ file, line, column, importName }) => {
    const path = relative(folder, file);
    const isTest = path.startsWith(`tests${sep}`);
    const owners = ownersOf(importName);
    const isRight =
      !PYTHON_SOURCE.test(path) ||
      (isTest && owners.some((owner) => rootNames.includes(owner))) ||
      isLocalModule(folder, path, topLevelOf(importName));
    return isRight
      ? []
      : {
          file: relative(workspaceRoot, file).replaceAll(sep, '/'),
          line,
          column,
          imported: owners[0] ?? importName,
          isTest,
        };
  });
}

/**
 * Shows undeclared imports as ruff shows its findings, and below those of a member the command that declares it.
 *
 * @param project - the name of the project that imports
 * @param imports - what {@link findUndeclaredImports} found
 * @returns lines, without their ends
 */
export function describeUndeclaredImports(
  project: string,
  imports: readonly UndeclaredImport[],
): readonly string[] {
  const members = new Set(imports.map(({ imported }) => imported));
  return [...members].flatMap((member) => {
    const own = imports.filter(({ imported }) => imported === member);
    const group = own.every(({ isTest }) => isTest) ? ' --dev' : '';
    return [
      ...own.map(
        ({ file, line, column }) =>
          `${file}:${line}:${column}: undeclared import of the workspace package "${member}"`,
      ),
      `  mend:     uv add --package ${project}${group} ${member} && nx sync`,
    ];
  });
}

/**
 * Tells which member a module belongs to.
 *
 * @param options - the workspace and its projects
 * @returns the members' modules
 */
export function indexMembers(
  options: Pick<ImportOptions, 'workspaceRoot' | 'projectRoots'>,
): ImportIndex {
  return indexImports(membersOf(options));
}

/** The members of the workspace, each by its folder: to read a thousand files for their names would take too long. */
function membersOf({
  workspaceRoot,
  projectRoots,
}: Pick<ImportOptions, 'workspaceRoot' | 'projectRoots'>): Parameters<
  typeof indexImports
>[0] {
  const { uvWorkspace } = readPyproject(workspaceRoot, 'pyproject.toml');
  const membership =
    uvWorkspace === undefined ? undefined : membershipOf(uvWorkspace);
  const roots = projectRoots.filter(
    (root) => root === '.' || membership?.(root) === 'member',
  );
  const importNames = importNamesOf(
    roots.map((root) => sourcesOf(workspaceRoot, root)),
  );
  return roots.map((name, index) => ({
    name,
    importNames: importNames[index] ?? [],
  }));
}

/** The modules that a member brings at run time: what has stubs in the workspace is imported from somewhere else. */
function sourcesOf(workspaceRoot: string, root: string): ProjectSources {
  const folder = join(workspaceRoot, root);
  const projectName = (): string => nameOf(workspaceRoot, root);
  const inSource = outermostSources(join(folder, 'src'));
  const settings =
    inSource.length === 0 || mayHaveBuildSettings(folder)
      ? attemptPyproject(workspaceRoot, root)?.buildSettings
      : undefined;
  const sourceFiles =
    inSource.length > 0 && settings === undefined
      ? inSource
      : moduleFilesOf(outermostSources(folder), settings);
  return {
    projectName,
    sourceFiles: sourceFiles.filter((file) => !STUBS_FOLDER.test(file)),
    moduleNames: settings?.moduleNames.filter(
      (name) => !STUBS_FOLDER.test(`${name}/`),
    ),
  };
}

/** Parsing the files of a thousand members for it would take too long: most of them have no settings. */
function mayHaveBuildSettings(folder: string): boolean {
  try {
    return /\b(?:module-root|module-name|hatch|setuptools|poetry|pdm|maturin|flit)\b/.test(
      readFileSync(join(folder, 'pyproject.toml'), 'utf8'),
    );
  } catch {
    return false;
  }
}

function nameOf(workspaceRoot: string, projectRoot: string): string {
  return (
    attemptPyproject(workspaceRoot, projectRoot)?.project?.name ??
    normaliseProjectName(basename(projectRoot))
  );
}

function attemptPyproject(
  workspaceRoot: string,
  projectRoot: string,
): Pyproject | undefined {
  try {
    return readPyproject(workspaceRoot, join(projectRoot, 'pyproject.toml'));
  } catch {
    // Its own lint says what is wrong.
    return undefined;
  }
}

function mentionedForeignNames(
  folder: string,
  projectRoot: string,
  index: ImportIndex,
): readonly string[] {
  const mentioned = new Set<string>();
  for (const file of pythonFilesOf(folder)) {
    try {
      mentionedNames(readFileSync(file, 'utf8')).forEach((name) =>
        mentioned.add(name),
      );
    } catch {
      // ruff says what is wrong with it.
    }
  }
  return index.undeclared(projectRoot, new Set(), mentioned);
}

async function parse(
  environment: PythonEnvironment,
  folder: string,
  importNames: readonly string[],
): Promise<readonly FoundImport[]> {
  const parsed = await parseImports(
    environment.executable('ruff'),
    [folder],
    importNames,
  );
  if (parsed === undefined) {
    throw new LambdaPyError({
      problem: 'ruff could not look for undeclared imports',
      expected: 'a ruff that has the rule TID251',
      mend: 'uv lock --upgrade-package ruff && nx sync',
    });
  }
  return parsed.imports;
}

/** Whether a file outside of `src` finds a module of its own: pytest and scripts import from their own folder first. */
function isLocalModule(folder: string, path: string, name: string): boolean {
  if (path.startsWith(`src${sep}`)) return false;
  for (let near = dirname(path.replaceAll(sep, '/')); ; near = dirname(near)) {
    const module = join(folder, near, name);
    if (existsSync(`${module}.py`) || existsSync(join(module, '__init__.py'))) {
      return true;
    }
    if (near === '.') return false;
  }
}
