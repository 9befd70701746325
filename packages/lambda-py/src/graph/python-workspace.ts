import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/posix';
import { messageOf } from '../workspace/errors';
import type { BuildSettings } from '../workspace/imports/build-settings';
import { infrastructureKindsOf } from '../workspace/infrastructure';
import type { InfrastructureKind } from '../workspace/infrastructure';
import type { LockedMemberSummary } from '../workspace/lock-summary';
import { lockedRequirementsOf } from '../workspace/locked-requirements';
import type { LockedRequirements } from '../workspace/locked-requirements';
import { membershipOf } from '../workspace/member-globs';
import { normaliseProjectName } from '../workspace/names';
import { isSourceLayout } from '../workspace/source-layout';
import { readTextIfPresent } from '../workspace/text-file';
import { openLintSettings } from './lint-settings';
import { nestedProjects } from './nested-projects';
import { pyrightInputs, pyrightPathsOfJson } from './pyright-settings';
import type { MemberDescription } from './member-description';
import { pytestInputs } from './pytest-settings';
import {
  openMemberDescriptions,
  openRuffFiles,
  readLockSummary,
} from './workspace-files';
import { absentMembers, missingLock, sameName } from './workspace-problems';

const PYRIGHT_FILE = 'pyrightconfig.json';

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
  /** True where the code stands in a folder `src`. */
  readonly hasSourceFolder: boolean;
  /** True where nothing but the modules in `src` goes into the wheel. */
  readonly isSourceLayout: boolean;
  /** Where the modules stand, where the build backend is told so or there is none. */
  readonly buildSettings?: BuildSettings;
  /** The modules that pytest imports because of its settings, or the root's. */
  readonly pytestPlugins?: readonly string[];
  /** True where every pytest of the environment loads it, by an entry point. */
  readonly isPytestPlugin?: true;
  /** True where the README goes into the wheel. */
  readonly hasReadme: boolean;
  /** False where pytest looks for its settings in the folders above. */
  readonly hasPytestSettings: boolean;
  /** What its lint reads besides its own files and the root's settings: inputs of Nx. */
  readonly lintSettings?: readonly string[];
  /** What its tests import from beside every project: inputs of Nx. */
  readonly testSettings?: readonly string[];
  /** The folders of the projects below its own, if any; see {@link nestedProjects}. */
  readonly nestedProjects?: readonly string[];
  /** True where `[tool.lambda-py]` says `layer = true`. */
  readonly isLayer: boolean;
  /** True for a service that HTTP requests reach. */
  readonly isHttpService?: true;
  /** PEP 503 names of the layers that the project uses. */
  readonly layers: readonly string[];
  /** The kinds of infrastructure code in its folder `infra`. */
  readonly infrastructureKinds: readonly InfrastructureKind[];
  /** The distributions that the project names, members or not. */
  readonly dependencyNames: readonly string[];
  /** The members that the project names according to uv.lock. */
  readonly lockedNames: readonly string[];
  /** The folders outside of any project that the project, or a layer that it uses, depends on, relative to the root. */
  readonly pathDependencies: readonly string[];
  /** The projects that reach its artifact, where it depends on more of them. */
  readonly packedProjects?: readonly string[];
}

/** The uv workspace, as the project graph needs it. */
export interface PythonWorkspace {
  readonly projects: readonly PythonProject[];
  /** The locked requirements that uv.lock asks for, the toolchain's first; none where it is missing or broken. */
  readonly lockedRequirements?: readonly LockedRequirements[];
  /** True where the root asks for a requirements.in of each member. */
  readonly usesPipTools?: true;
  /** True where the root's pyproject.toml has settings of pytest for the projects that have none of their own. */
  readonly hasPytestSettings: boolean;
  /** What the settings of pyright lead to: inputs of Nx; none in most workspaces. */
  readonly pyrightSettings?: readonly string[];
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
  const workspace = readAnew(workspaceRoot, files);
  lastRead = { workspaceRoot, files: keyOf(files), workspace };
  return workspace;
}

let lastRead:
  | {
      readonly workspaceRoot: string;
      readonly files: string;
      readonly workspace: PythonWorkspace;
    }
  | undefined;

/**
 * The uv workspace as {@link readPythonWorkspace} has just read it for the projects of a graph, for the edges of the same
 * graph: a second look might find it changed, and costs as much as the first. It is given out once.
 *
 * @param workspaceRoot - absolute path
 * @param files - every pyproject.toml of the repository, in any order
 * @returns the workspace, read anew where other files were looked at before, or none
 */
export function takePythonWorkspace(
  workspaceRoot: string,
  files: readonly string[],
): PythonWorkspace {
  const last = lastRead;
  lastRead = undefined;
  return last?.workspaceRoot === workspaceRoot && last.files === keyOf(files)
    ? last.workspace
    : readAnew(workspaceRoot, files);
}

function keyOf(files: readonly string[]): string {
  return [...files].sort().join('\n');
}

function readAnew(
  workspaceRoot: string,
  files: readonly string[],
): PythonWorkspace {
  if (!files.includes('pyproject.toml')) {
    return { projects: [], hasPytestSettings: false, warnings: [] };
  }
  const warnings: string[] = [];
  const warn = (error: unknown): void => {
    warnings.push(messageOf(error));
  };
  const descriptions = openMemberDescriptions(workspaceRoot, warn);
  const root = descriptions.read('pyproject.toml');
  const lock = readLockSummary(workspaceRoot, warn, root?.defaultGroups);
  if (root?.uvWorkspace !== undefined) {
    missingLock(workspaceRoot).forEach(warn);
    absentMembers(root.uvWorkspace, files).forEach(warn);
  }
  const locked = new Map(lock?.members.map((member) => [member.name, member]));
  const lockedNames = new Map(
    lock?.members
      .filter(({ isMember }) => isMember)
      .map(({ projectRoot, name }) => [projectRoot, name]),
  );
  const ruffFiles = openRuffFiles(workspaceRoot);
  const described = new Map([['pyproject.toml', root]]);
  const descriptionOf = (file: string): MemberDescription | undefined => {
    if (!described.has(file)) {
      const isThere = existsSync(join(workspaceRoot, file));
      described.set(file, isThere ? descriptions.read(file) : undefined);
    }
    return described.get(file);
  };
  const lintSettings = openLintSettings(
    workspaceRoot,
    descriptionOf,
    ruffFiles,
  );
  const projects = new Map<string, PythonProject>();
  for (const file of memberFiles(root, files, lockedNames)) {
    if (!described.has(file)) described.set(file, descriptions.read(file));
    const description = described.get(file);
    const projectRoot = dirname(file);
    // A file that cannot be read keeps its project, so that CI fails on it rather than skips it.
    const name =
      description?.name ??
      lockedNames.get(projectRoot) ??
      normaliseProjectName(basename(projectRoot));
    const settings = lintSettings.inputsOf(projectRoot);
    const twin = projects.get(name);
    if (twin === undefined) {
      projects.set(name, {
        ...projectOf(workspaceRoot, file, description, locked.get(name)),
        ...(settings.length === 0 ? {} : { lintSettings: settings }),
        ...pytestPluginsOf(description, root),
        name,
      });
      continue;
    }
    warn(sameName(file, name, twin.projectRoot));
  }
  descriptions.save();
  ruffFiles.save();
  const packedRoots = new Set(
    [...projects.values()]
      .filter(({ isService, isLayer }) => isService || isLayer)
      .map(({ projectRoot }) => projectRoot),
  );
  const projectRoots = [...projects.values()].map(
    ({ projectRoot }) => projectRoot,
  );
  const nested = nestedProjects(projectRoots);
  return {
    projects: [...projects.values()].map((project) => {
      const below = nested.get(project.projectRoot);
      const settingsRoot = project.hasPytestSettings
        ? project.projectRoot
        : '.';
      const imported = pytestInputs(
        settingsRoot,
        descriptionOf(join(settingsRoot, 'pyproject.toml'))?.pytestPaths ?? [],
        projectRoots,
      );
      return {
        ...withKnownProjects(
          workspaceRoot,
          withPathsOfLayers(project, projects),
          projects,
        ),
        ...(below === undefined ? {} : { nestedProjects: below }),
        ...(imported.length === 0 ? {} : { testSettings: imported }),
      };
    }),
    // A root that cannot be read may have some.
    hasPytestSettings: root?.hasPytestSettings ?? true,
    ...(lock === undefined
      ? {}
      : {
          lockedRequirements: lockedRequirementsOf(lock, (projectRoot) =>
            packedRoots.has(projectRoot),
          ),
        }),
    ...(root?.usesPipTools === true ? { usesPipTools: true } : {}),
    pyrightSettings: readPyrightSettings(
      workspaceRoot,
      descriptionOf,
      projectRoots,
    ),
    warnings,
  };
}

function readPyrightSettings(
  workspaceRoot: string,
  descriptionOf: (file: string) => MemberDescription | undefined,
  projectRoots: readonly string[],
): readonly string[] {
  return pyrightInputs(
    // pyright does not look at pyproject.toml beside it.
    existsSync(join(workspaceRoot, PYRIGHT_FILE))
      ? PYRIGHT_FILE
      : 'pyproject.toml',
    (file) => {
      if (file.endsWith('.toml')) return descriptionOf(file)?.pyright;
      const text = readTextIfPresent(join(workspaceRoot, file));
      return text === undefined ? undefined : pyrightPathsOfJson(text);
    },
    projectRoots,
  );
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

/** What a layer holds is told of in the artifacts of its services, and its libraries are no projects of Nx here either. */
function withPathsOfLayers(
  project: PythonProject,
  projects: ReadonlyMap<string, PythonProject>,
): PythonProject {
  const paths = [project.name, ...project.layers].flatMap(
    (name) => projects.get(name)?.pathDependencies ?? [],
  );
  return { ...project, pathDependencies: [...new Set(paths)].sort() };
}

/** Nx refuses a project that it does not know: one that is locked and no longer there, or has another name in Nx. */
function withKnownProjects(
  workspaceRoot: string,
  { packedProjects, ...project }: PythonProject,
  projects: ReadonlyMap<string, PythonProject>,
): PythonProject {
  const isKnown = (name: string): boolean => {
    const packed = projects.get(name);
    return (
      packed !== undefined &&
      !['project.json', 'package.json'].some((file) =>
        existsSync(join(workspaceRoot, packed.projectRoot, file)),
      )
    );
  };
  // What a layer holds, its own libraries among it, is left out of the artifact: all that is depended on counts.
  return project.layers.length === 0 && packedProjects?.every(isKnown) === true
    ? { ...project, packedProjects }
    : project;
}

function pytestPluginsOf(
  member: MemberDescription | undefined,
  root: MemberDescription | undefined,
): Pick<PythonProject, 'pytestPlugins' | 'isPytestPlugin'> {
  // pytest looks for settings in the folders above those that have none.
  const { pytestPlugins } =
    (member?.hasPytestSettings === true ? member : root) ?? {};
  return {
    ...(pytestPlugins === undefined ? {} : { pytestPlugins }),
    ...(member?.isPytestPlugin === true ? { isPytestPlugin: true } : {}),
  };
}

function projectOf(
  workspaceRoot: string,
  file: string,
  member: MemberDescription | undefined,
  locked: LockedMemberSummary | undefined,
): Omit<PythonProject, 'name'> {
  const isService = member?.isService ?? looksLikeService(workspaceRoot, file);
  const isLayer = member?.isLayer ?? false;
  const hasSourceFolder = existsSync(join(workspaceRoot, dirname(file), 'src'));
  return {
    projectRoot: dirname(file),
    ...(member?.description === undefined
      ? {}
      : { description: member.description }),
    tags: member?.tags ?? [],
    isService,
    isLayer,
    ...(member?.isHttpService === true ? { isHttpService: true } : {}),
    layers: member?.layers ?? [],
    isSourceLayout:
      member !== undefined &&
      isSourceLayout(workspaceRoot, dirname(file), member, hasSourceFolder),
    hasSourceFolder,
    ...(member?.buildSettings === undefined
      ? {}
      : { buildSettings: member.buildSettings }),
    hasReadme: member?.hasReadme ?? true,
    hasPytestSettings: member?.hasPytestSettings ?? false,
    infrastructureKinds: infrastructureKindsOf(workspaceRoot, dirname(file)),
    dependencyNames: member?.dependencyNames ?? [],
    lockedNames: locked?.memberNames ?? [],
    pathDependencies: locked?.pathDependencies ?? [],
    ...(locked?.packedNames === undefined
      ? {}
      : { packedProjects: locked.packedNames }),
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
