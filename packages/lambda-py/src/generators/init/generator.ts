import type { GeneratorCallback, Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython } from '../../workspace/python';
import { runtimeOfPython } from '../../workspace/runtimes';
import { parseToml } from '../../workspace/toml';
import { lockAndInstall } from '../shared/finish';
import { addIgnoreEntries } from '../shared/ignore-entries';
import {
  mergeRootPyproject,
  withPipTools,
} from '../shared/merge-root-pyproject';
import { registerPlugin } from '../shared/register-plugin';
import { writeMissingFiles } from '../shared/write-files';
import { addConveniences } from './conveniences';
import type { InitGeneratorSchema } from './schema';

/** What the targets and the tools leave in the workspace, none of it for git. */
const IGNORED = [
  '.DS_Store',
  '.venv/',
  'dist/',
  'coverage/',
  '/reports/',
  '.nx/cache',
  '.nx/workspace-data',
  '.nx/lambda-py',
  '__pycache__/',
  '.pytest_cache/',
  '.ruff_cache/',
  '.mypy_cache/',
  '.coverage',
  'cdk.out/',
  '.terraform/',
];

/** The settings of tools that read a table of pyproject.toml as well, but only where there is no such file. */
const SETTINGS_FILES = [
  ['pyrightconfig.json', 'pyright'],
  ['mypy.ini', 'mypy'],
] as const;

/**
 * Makes the repository a uv workspace and registers the plugin.
 *
 * @param tree - the workspace
 * @param options - see schema.json
 * @returns what installs the environment once the tree is written
 * @throws LambdaPyError when no Python or no uv is found, or a file of the user's cannot be completed
 */
export default async function initGenerator(
  tree: Tree,
  options: InitGeneratorSchema,
): Promise<GeneratorCallback> {
  await initialiseWorkspace(tree);
  addConveniences(tree);
  if (options.pipTools === true) await usePipTools(tree);
  return lockAndInstall(tree, options.skipLock ?? false);
}

/**
 * Adds to the workspace what it lacks; locks and installs nothing.
 *
 * @param tree - the workspace
 */
export async function initialiseWorkspace(tree: Tree): Promise<void> {
  const { version } = await findPython(tree.root);
  const pythonVersion = version.split('.').slice(0, 2).join('.');
  if (runtimeOfPython(pythonVersion) === undefined) {
    logger.warn(
      `Lambda has no runtime for Python ${pythonVersion}, which the environment is made with: services name another.`,
    );
  }
  const templates = join(__dirname, 'files', 'workspace');
  const existing = tree.read('pyproject.toml', 'utf8') ?? undefined;
  const merged = await mergeRootPyproject(
    existing,
    membersOf(
      tree,
      // The one template without variables: it is merged, not rendered.
      readFileSync(join(templates, 'pyproject.toml.template'), 'utf8'),
    ),
  );
  if (merged !== existing) tree.write('pyproject.toml', merged);
  const configured = SETTINGS_FILES.filter(
    ([file, tool]) => !tree.exists(file) && hasToolTable(merged, tool),
  );
  writeMissingFiles(tree, templates, '.', { pythonVersion });
  // The file would overrule the user's table in pyproject.toml.
  for (const [file] of configured) tree.delete(file);
  const ignored = tree.read('.gitignore', 'utf8') ?? undefined;
  const completed = addIgnoreEntries(ignored, IGNORED);
  if (completed !== ignored) tree.write('.gitignore', completed);
  if (registerPlugin(tree)) addConveniences(tree);
}

/** What the user has said of pip-tools is kept, unless the option says otherwise. */
async function usePipTools(tree: Tree): Promise<void> {
  const text = tree.read('pyproject.toml', 'utf8') ?? '';
  const completed = await withPipTools(text);
  if (completed !== text) tree.write('pyproject.toml', completed);
}

function hasToolTable(pyproject: string, tool: string): boolean {
  const { tool: tools } = parseToml(pyproject, 'pyproject.toml');
  return typeof tools === 'object' && tools !== null && tool in tools;
}

/**
 * uv refuses a folder that a glob of the members matches and that has no pyproject.toml. In a repository that keeps
 * other projects in these folders, generators therefore add their members one by one.
 */
function membersOf(tree: Tree, template: string): string {
  const isMixed = ['libs', 'services'].some((folder) =>
    tree
      .children(folder)
      .filter((child) => !tree.isFile(`${folder}/${child}`))
      .some((child) => !tree.exists(`${folder}/${child}/pyproject.toml`)),
  );
  return isMixed
    ? template.replace('members = ["libs/*", "services/*"]', 'members = []')
    : template;
}
