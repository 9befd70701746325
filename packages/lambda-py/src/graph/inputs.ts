import type { TargetConfiguration } from '@nx/devkit';
import { LOCK_FILE } from '../workspace/lock-text';
import { TOOLCHAIN_REQUIREMENTS_FILE } from '../workspace/requirements-file';

/** The inputs of a target, as Nx takes them. */
export type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** What the inputs of a project's targets depend on besides the project itself. */
export interface InputContext {
  /** False where requirements.txt is not true to uv.lock, so that uv.lock itself must stand in for it. */
  readonly requirementsAreFresh: boolean;
  /** True where a package manager's lock file tells Nx the version of this plugin. */
  readonly hasPackageLock: boolean;
  /** False where requirements-dev.txt is not true to uv.lock, so that uv.lock itself must stand in for it. */
  readonly toolchainIsFresh: boolean;
  /** False where pyright takes its settings from the root's pyproject.toml. */
  readonly hasPyrightConfig: boolean;
}

/** What the inputs of every project's targets depend on. */
export type WorkspaceContext = Omit<InputContext, 'requirementsAreFresh'>;

/**
 * The named inputs of a Python project: what the projects that depend on it see of it.
 *
 * Everything but what no build backend puts into a wheel: it is safer to name what is left out than what is in.
 *
 * @param hasSourceFolder - whether the code stands in a folder `src`; without one, a folder `events` may be a package
 * @returns the named inputs
 */
export function namedInputs(
  hasSourceFolder: boolean,
): Record<string, string[]> {
  return {
    production: [
      '{projectRoot}/**/*',
      ...(hasSourceFolder
        ? [
            '!{projectRoot}/tests/**/*',
            '!{projectRoot}/events/**/*',
            '!{projectRoot}/infra/**/*',
          ]
        : []),
      '!{projectRoot}/local.env',
      // The folder of a project may hold the environment of an editor or a tool; git ignores it, a listing need not.
      '!{projectRoot}/.venv/**/*',
    ],
  };
}

/** The plugin's own code: a new version may lint, test or pack otherwise. */
function pluginVersion({ hasPackageLock }: InputContext): Inputs {
  return hasPackageLock ? [{ externalDependencies: ['lambda-py'] }] : [];
}

/** The versions of the Python tools; see {@link closure} for uv.lock. */
function toolchain({ toolchainIsFresh }: InputContext): Inputs {
  return [
    `{workspaceRoot}/${TOOLCHAIN_REQUIREMENTS_FILE}`,
    ...(toolchainIsFresh ? [] : [`{workspaceRoot}/${LOCK_FILE}`]),
  ];
}

/** The interpreter that the environment is made with. */
const pythonVersion: Inputs = ['{workspaceRoot}/.python-version'];

/**
 * The locked run-time closure. uv.lock itself is an input only where the export of it cannot be trusted, since a change
 * of it must be seen, but by those alone whose closure it touches.
 */
function closure({ requirementsAreFresh }: InputContext): Inputs {
  return [
    '{projectRoot}/requirements.txt',
    ...(requirementsAreFresh ? [] : [`{workspaceRoot}/${LOCK_FILE}`]),
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

/** What ruff and black read: sources and their own settings; and who it is that the project imports. */
export function lintInputs(context: InputContext): Inputs {
  return [
    '{projectRoot}/**/*.py',
    '{projectRoot}/**/*.pyi',
    '{projectRoot}/**/*.ipynb',
    // [tool.lambda-py] is checked, and a project may have settings of its own.
    '{projectRoot}/pyproject.toml',
    '{projectRoot}/ruff.toml',
    '{projectRoot}/.ruff.toml',
    // [tool.ruff] and [tool.black].
    '{workspaceRoot}/pyproject.toml',
    '{workspaceRoot}/ruff.toml',
    '{workspaceRoot}/.ruff.toml',
    ...identityOfDependencies,
    ...toolchain(context),
    ...pluginVersion(context),
  ];
}

/** What pyright reads: sources, the types of what they import, its settings. */
export function typecheckInputs(context: InputContext): Inputs {
  return [
    '{projectRoot}/**/*.py',
    '{projectRoot}/**/*.pyi',
    '{projectRoot}/**/py.typed',
    '{projectRoot}/pyproject.toml',
    '{projectRoot}/pyrightconfig.json',
    context.hasPyrightConfig
      ? '{workspaceRoot}/pyrightconfig.json'
      : '{workspaceRoot}/pyproject.toml',
    // pyright's default `stubPath`.
    '{workspaceRoot}/typings/**/*',
    '^production',
    ...closure(context),
    // Stubs are installed with the tools.
    ...toolchain(context),
    ...pythonVersion,
    ...pluginVersion(context),
  ];
}

/** What a test can read: the whole project, what it depends on, and what runs it. */
export function testInputs(context: InputContext): Inputs {
  return [
    '{projectRoot}/**/*',
    // pytest looks for its settings, and for fixtures, in the folders above too.
    '{workspaceRoot}/conftest.py',
    '{workspaceRoot}/pytest.ini',
    '{workspaceRoot}/.pytest.ini',
    '{workspaceRoot}/tox.ini',
    '{workspaceRoot}/setup.cfg',
    '^production',
    ...closure(context),
    ...toolchain(context),
    ...pythonVersion,
    ...pluginVersion(context),
  ];
}

/** What reaches the artifact. The tools and the workspace's interpreter do not. */
export function packInputs(context: InputContext): Inputs {
  return [
    'production',
    '^production',
    ...closure(context),
    ...pluginVersion(context),
  ];
}
