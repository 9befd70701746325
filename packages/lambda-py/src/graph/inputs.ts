import type { TargetConfiguration } from '@nx/devkit';
import { LOCK_FILE } from '../workspace/lock-file';
import { TOOLCHAIN_REQUIREMENTS_FILE } from '../workspace/requirements';

/** The inputs of a target, as Nx takes them. */
export type Inputs = NonNullable<TargetConfiguration['inputs']>;

/** What the inputs of a project's targets depend on besides the project itself. */
export interface InputContext {
  /** False where requirements.txt is not true to uv.lock, so that uv.lock itself must stand in for it. */
  readonly requirementsAreFresh: boolean;
  /** True where a package manager's lock file tells Nx the version of this plugin. */
  readonly hasPackageLock: boolean;
  /** False where pyright takes its settings from the root's pyproject.toml. */
  readonly hasPyrightConfig: boolean;
}

/** What the inputs of every project's targets depend on. */
export type WorkspaceContext = Omit<InputContext, 'requirementsAreFresh'>;

/**
 * The named inputs of a Python project: what the projects that depend on it see of it.
 *
 * Everything but what no build backend puts into a wheel: it is safer to name what is left out than what is in.
 */
export const PYTHON_NAMED_INPUTS: Readonly<Record<string, string[]>> = {
  production: [
    '{projectRoot}/**/*',
    '!{projectRoot}/tests/**/*',
    '!{projectRoot}/events/**/*',
    '!{projectRoot}/infra/**/*',
    '!{projectRoot}/local.env',
    // The folder of a project may hold the environment of an editor or a tool; git ignores it, a listing need not.
    '!{projectRoot}/.venv/**/*',
  ],
};

/** The plugin's own code: a new version may lint, test or pack otherwise. */
function pluginVersion({ hasPackageLock }: InputContext): Inputs {
  return hasPackageLock ? [{ externalDependencies: ['lambda-py'] }] : [];
}

/** The versions of the Python tools. */
const toolchain: Inputs = [`{workspaceRoot}/${TOOLCHAIN_REQUIREMENTS_FILE}`];

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

/** What ruff and black read: sources and their own settings. */
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
    ...toolchain,
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
    '^production',
    ...closure(context),
    // Stubs are installed with the tools.
    ...toolchain,
    ...pythonVersion,
    ...pluginVersion(context),
  ];
}

/** What a test can read: the whole project, what it depends on, and what runs it. */
export function testInputs(context: InputContext): Inputs {
  return [
    '{projectRoot}/**/*',
    '^production',
    ...closure(context),
    ...toolchain,
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
