import { join } from 'node:path/posix';
import { tableOf } from '../workspace/table';
import { isBesideProjects } from './beside-projects';

/**
 * The folders from which tests import besides the environment: `pythonpath`
 * (https://docs.pytest.org/en/stable/reference/reference.html#confval-pythonpath).
 *
 * @param table - `[tool.pytest]`; anything
 * @returns paths relative to the folder of the settings
 */
export function pytestPathsOf(table: unknown): readonly string[] {
  const { pythonpath, ini_options: options } = tableOf(table);
  return [
    ...[pythonpath]
      .flat()
      .flatMap((path) =>
        // As in an INI file, a text is a list.
        typeof path === 'string' ? path.split(/\s+/) : [],
      )
      .filter((path) => path !== ''),
    ...(options === undefined ? [] : pytestPathsOf(options)),
  ];
}

/**
 * What tests import from beside every project.
 *
 * @param folder - that of the settings, relative to the workspace root
 * @param paths - see {@link pytestPathsOf}
 * @param projectRoots - the folders of the projects: the graph knows who imports from them
 * @returns inputs of Nx
 */
export function pytestInputs(
  folder: string,
  paths: readonly string[],
  projectRoots: readonly string[],
): readonly string[] {
  return paths
    .filter((path) => !path.startsWith('/'))
    .map((path) => join(folder, path, '.'))
    .filter((path) => isBesideProjects(path, projectRoots))
    .map((path) => `{workspaceRoot}/${path}/**/*`);
}
