import type { TargetConfiguration } from '@nx/devkit';
import type { InfrastructureKind } from '../workspace/infrastructure';
import {
  LOCAL_ENV_FILE,
  TOOL_SETTINGS,
  WORK_FOLDERS,
} from '../workspace/left-out-files';
import { LOCK_FILE } from '../workspace/lock-text';
import {
  REQUIREMENTS_FILE,
  TOOLCHAIN_REQUIREMENTS_FILE,
} from '../workspace/requirements-file';

/** The inputs of a target, as Nx takes them. */
export type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** What the inputs of a project's targets depend on. */
export interface InputContext extends WorkspaceContext {
  /** False where requirements.txt is not true to uv.lock, so that uv.lock itself must stand in for it. */
  readonly requirementsAreFresh: boolean;
  /** Folders outside of any project that the project depends on, relative to the workspace root. */
  readonly pathDependencies: readonly string[];
  /** The Nx projects that reach the artifact, where they are fewer than those that the project depends on. */
  readonly packedProjects?: readonly string[];
  /**
   * The folders in which pytest looks for settings besides the project's own: relative to the workspace root, with a `/`
   * at the end. None where the project has settings.
   */
  readonly pytestFolders: readonly string[];
  /** What lint reads besides {@link filesOfLint}: files above the project, those that settings lead to. */
  readonly lintSettings: readonly string[];
  /** What tests import from beside every project. */
  readonly testSettings: readonly string[];
  /** The folders of the projects below its own, relative to the workspace root. */
  readonly nestedProjects: readonly string[];
  /** What describes the project's infrastructure, if anything does. */
  readonly infrastructureKinds: readonly InfrastructureKind[];
}

/** What the inputs of every project's targets depend on. */
export interface WorkspaceContext {
  /** False where requirements-dev.txt is not true to uv.lock, so that uv.lock itself must stand in for it. */
  readonly toolchainIsFresh: boolean;
  /** False where the sync generator may have something to write, or to say. */
  readonly requirementsAreInSync: boolean;
  /** True where the root's pyproject.toml has settings of pytest for the projects that have none of their own. */
  readonly hasPytestSettings: boolean;
  /** True where a package manager's lock file tells Nx the version of this plugin. */
  readonly hasPackageLock: boolean;
  /** True where it tells Nx the version of the CDK toolkit too. */
  readonly hasCdkToolkit: boolean;
  /** False where pyright takes its settings from the root's pyproject.toml. */
  readonly hasPyrightConfig: boolean;
  /** What the settings of pyright lead to, if anything. */
  readonly pyrightSettings?: readonly string[];
  /** What every pytest loads of the workspace; see `inputsOfEveryTest`. */
  readonly everyTest?: Inputs;
  /** False where nx.json has no named input `types`, which a project that is not Python takes from there. */
  readonly hasTypesInput: boolean;
}

/** What decides which files of a project reach its wheel. */
export interface WheelContext {
  /** True where nothing but the modules in `src` goes into the wheel. */
  readonly isSourceLayout: boolean;
  /** True where the README goes into the wheel. */
  readonly hasReadme: boolean;
  /** True where there is infrastructure code and no module: what is built on it sees the deployed stack alone. */
  readonly isStack: boolean;
}

// https://docs.pytest.org/en/stable/reference/customize.html#finding-the-rootdir
const PYTEST_FILES = [
  'conftest.py',
  'pytest.ini',
  '.pytest.ini',
  'pytest.toml',
  '.pytest.toml',
  'setup.cfg',
  'tox.ini',
];

/** What tests are told by the shell. No credentials: they change by the hour, and decide nothing but whether AWS answers. */
const TEST_VARIABLES = [
  'PYTEST_ADDOPTS',
  'PYTEST_PLUGINS',
  'PYTEST_DISABLE_PLUGIN_AUTOLOAD',
  // The deployed function that the integration tests call, if any, and where it is.
  'INTEGRATION_FUNCTION',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
];

/**
 * The named inputs of a Python project: what the projects that depend on it see of it, and what its own targets read.
 *
 * Everything but what does not reach the wheel: it is safer to name what is left out than what is in. Where the modules
 * stand in the project's folder itself, or the build backend has settings, any folder may be a package.
 *
 * What a target reads has a name, by which a target of the user's can have it too. Nx keeps a note on the origin of each
 * input of each target of each project, but one note for a name. A project's named inputs are in the hash of each of its
 * tasks, so what comes and goes, such as uv.lock while an export is not true to it, is none of them but the target's own.
 *
 * @param wheel - how the wheel is made
 * @param context - what the inputs of the targets depend on
 * @returns `production`, what its wheel is made from; `types`, what pyright reads of that; and the targets' own
 */
export function namedInputs(
  wheel: WheelContext,
  context: InputContext,
): Record<string, Inputs> {
  return {
    production: [...productionFiles(wheel)],
    types: [
      ...TYPED_FILES.map((name) => `{projectRoot}/**/${name}`),
      // How it is installed.
      '{projectRoot}/pyproject.toml',
      ...foldersLeftOut(wheel),
    ],
    lintInputs: filesOfLint(context),
    typecheckInputs: filesOfTypecheck(context),
    testInputs: filesOfTest(context),
    auditInputs: filesOfAudit(context),
  };
}

/**
 * What the wheel of a project is made from.
 *
 * @param wheel - how it is made
 * @returns inputs of that project
 */
export function productionFiles(wheel: WheelContext): readonly string[] {
  const { isSourceLayout, hasReadme } = wheel;
  return [
    '{projectRoot}/**/*',
    `!{projectRoot}/${LOCAL_ENV_FILE}`,
    ...foldersLeftOut(wheel),
    ...(isSourceLayout
      ? TOOL_SETTINGS.map((file) => `!{projectRoot}/${file}`)
      : []),
    ...(isSourceLayout && !hasReadme ? ['!{projectRoot}/README.md'] : []),
  ];
}

/**
 * Names a folder as inputs of any project do.
 *
 * @param folder - relative to the workspace root, `.` for that itself
 * @returns for instance `{workspaceRoot}/libs/kit`
 */
export function folderInWorkspace(folder: string): string {
  return folder === '.' ? '{workspaceRoot}' : `{workspaceRoot}/${folder}`;
}

/** In none of them is a module of the wheel. */
function foldersLeftOut({
  isSourceLayout,
  isStack,
}: WheelContext): readonly string[] {
  return [
    // The folder of a project may hold the environment of an editor or a tool; git ignores it, a listing need not.
    '!{projectRoot}/.venv/**/*',
    ...(isSourceLayout
      ? WORK_FOLDERS.map((folder) => `!{projectRoot}/${folder}/**/*`)
      : isStack
        ? ['!{projectRoot}/infra/**/*']
        : []),
  ];
}

/** The plugin's own code: a new version may lint, test or pack otherwise. */
function pluginVersion({ hasPackageLock }: InputContext): Inputs {
  return hasPackageLock ? [{ externalDependencies: ['lambda-py'] }] : [];
}

/** The versions of the Python tools. */
const toolchainVersions = `{workspaceRoot}/${TOOLCHAIN_REQUIREMENTS_FILE}`;

/** The interpreter that the environment is made with. */
const pythonVersion: Inputs = ['{workspaceRoot}/.python-version'];

/**
 * The locked run-time closure. uv.lock itself is an input only where the export of it cannot be trusted, since a change
 * of it must be seen, but by those alone whose closure it touches.
 */
const closureFile = `{projectRoot}/${REQUIREMENTS_FILE}`;

/** Where the export is not true to uv.lock, that file stands in for it until it is synced. */
function standInsForToolchain({ toolchainIsFresh }: InputContext): Inputs {
  return toolchainIsFresh ? [] : [`{workspaceRoot}/${LOCK_FILE}`];
}

/**
 * What stands in for inputs of a closure that there are not: where the export is not true to uv.lock, that file until it is
 * synced; folders for a dependency that is no project.
 *
 * @param context - of a project
 * @returns inputs of any project
 */
export function standInsForClosure({
  requirementsAreFresh,
  pathDependencies,
}: Pick<
  InputContext,
  'requirementsAreFresh' | 'pathDependencies'
>): readonly string[] {
  return [
    ...(requirementsAreFresh ? [] : [`{workspaceRoot}/${LOCK_FILE}`]),
    // No Nx project that "^production" could reach.
    ...pathDependencies.map((folder) => `{workspaceRoot}/${folder}/**/*`),
  ];
}

/**
 * What it takes to judge an import: the name of the member that is imported, and what its packages are called; their
 * (empty) PEP 561 markers tell the latter without any of the code.
 *
 * An import of a member is a finding where it is not declared, and an edge of the graph either way. So a new member, one
 * that goes and one that is renamed change this input of the projects that import it, and of no other. All members'
 * names, or uv.lock, would have every project linted again for each new one. No named input: a dependency that is no
 * Python project has none of ours.
 */
const identityOfDependencies: Inputs = [
  { fileset: '{projectRoot}/pyproject.toml', dependencies: true },
  { fileset: '{projectRoot}/src/*/py.typed', dependencies: true },
];

/** What ruff and black read in a folder: sources and their own settings. */
const LINTED_FILES = [
  ...['*.py', '*.pyi', '*.ipynb'],
  // [tool.lambda-py] is checked, and a project may have settings of its own; ruff takes those nearest to a file.
  ...['pyproject.toml', 'ruff.toml', '.ruff.toml'],
];

/** What pyright reads in a folder. */
const TYPED_FILES = ['*.py', '*.pyi', 'py.typed'];

/** What ruff and black read of the project and of the workspace. */
function filesOfLint(context: InputContext): Inputs {
  return [
    ...LINTED_FILES.map((name) => `{projectRoot}/**/${name}`),
    // [tool.ruff] and [tool.black].
    '{workspaceRoot}/pyproject.toml',
    '{workspaceRoot}/ruff.toml',
    '{workspaceRoot}/.ruff.toml',
    toolchainVersions,
    ...pluginVersion(context),
  ];
}

/**
 * Tools that are given the project's folder look into the projects below it too, and Nx counts no file to two projects.
 * Only members are known here: a project of another kind below a Python project is not.
 */
function filesOfNestedProjects(
  { nestedProjects }: InputContext,
  names: readonly string[],
): Inputs {
  return nestedProjects.flatMap((folder) =>
    names.map((name) => `${folderInWorkspace(folder)}/**/${name}`),
  );
}

/** The inputs of lint: what it reads, and who it is that the project imports. */
export function lintInputs(context: InputContext): Inputs {
  return [
    'lintInputs',
    ...context.lintSettings,
    ...filesOfNestedProjects(context, LINTED_FILES),
    ...identityOfDependencies,
    ...standInsForToolchain(context),
  ];
}

/** What pyright reads of the project and of the workspace. */
function filesOfTypecheck(context: InputContext): Inputs {
  return [
    ...TYPED_FILES.map((name) => `{projectRoot}/**/${name}`),
    '{projectRoot}/pyproject.toml',
    '{projectRoot}/pyrightconfig.json',
    // pyright's default `stubPath`.
    '{workspaceRoot}/typings/**/*',
    closureFile,
    // Stubs are installed with the tools.
    toolchainVersions,
    ...pythonVersion,
    ...pluginVersion(context),
  ];
}

/** The inputs of typecheck: what pyright reads, its settings, and the types of what is imported. */
export function typecheckInputs(context: InputContext): Inputs {
  return [
    'typecheckInputs',
    context.hasPyrightConfig
      ? '{workspaceRoot}/pyrightconfig.json'
      : '{workspaceRoot}/pyproject.toml',
    ...(context.pyrightSettings ?? []),
    ...filesOfNestedProjects(context, TYPED_FILES),
    context.hasTypesInput ? '^types' : '^production',
    ...standInsForClosure(context),
    ...standInsForToolchain(context),
  ];
}

/** What a test can read: the whole project, and what runs it. */
function filesOfTest(context: InputContext): Inputs {
  return [
    '{projectRoot}/**/*',
    // Where a project has no settings, pytest takes them, and fixtures, from the folders above.
    ...context.pytestFolders.flatMap((folder) =>
      PYTEST_FILES.map((file) => `{workspaceRoot}/${folder}${file}`),
    ),
    ...TEST_VARIABLES.map((env) => ({ env })),
    closureFile,
    toolchainVersions,
    ...pythonVersion,
    ...pluginVersion(context),
  ];
}

/** The inputs of test: what it can read, and what the project depends on. */
export function testInputs(context: InputContext): Inputs {
  return [
    'testInputs',
    '^production',
    ...context.testSettings,
    ...(context.everyTest ?? []),
    ...(context.hasPytestSettings && context.pytestFolders.length > 0
      ? ['{workspaceRoot}/pyproject.toml']
      : []),
    ...standInsForClosure(context),
    ...standInsForToolchain(context),
  ];
}

/**
 * What an audit reads: the closure, sources, the settings of bandit, and both lists of what is passed over. What is known
 * of a distribution changes without any of them, so no audit is cached; they say whom a change concerns.
 */
function filesOfAudit(context: InputContext): Inputs {
  return [
    '{projectRoot}/**/*.py',
    '{projectRoot}/pyproject.toml',
    '{workspaceRoot}/pyproject.toml',
    closureFile,
    toolchainVersions,
    ...pluginVersion(context),
  ];
}

/** The inputs of audit. */
export function auditInputs(context: InputContext): Inputs {
  return [
    'auditInputs',
    ...standInsForClosure(context),
    ...standInsForToolchain(context),
  ];
}

/** What reaches the artifact. The tools and the workspace's interpreter do not. */
export function packInputs(context: InputContext): Inputs {
  return [
    'production',
    // What a project is only tested with does not reach its artifact.
    ...(context.packedProjects === undefined
      ? ['^production']
      : context.packedProjects.length === 0
        ? []
        : [{ input: 'production', projects: [...context.packedProjects] }]),
    closureFile,
    ...standInsForClosure(context),
    ...pluginVersion(context),
  ];
}

/**
 * What the checks of infrastructure code read: that code, the table that says what function it deploys, and the settings
 * of cfn-lint. Whatever the artifact holds, it has the same path. The tools come with the plugin, but for the CDK's, and
 * a CDK app is a program, which may read any file of its project. No named input, since infrastructure comes and goes.
 */
export function validateInputs(context: InputContext): Inputs {
  const isProgram = context.infrastructureKinds.includes('cdk');
  return [
    ...(isProgram
      ? ['{projectRoot}/**/*']
      : ['{projectRoot}/infra/**/*', '{projectRoot}/pyproject.toml']),
    '{workspaceRoot}/.cfnlintrc',
    '{workspaceRoot}/.cfnlintrc.yaml',
    '{workspaceRoot}/.cfnlintrc.yml',
    ...pythonVersion,
    ...pluginVersion(context),
    ...(isProgram && context.hasCdkToolkit
      ? [{ externalDependencies: ['aws-cdk'] }]
      : []),
  ];
}
