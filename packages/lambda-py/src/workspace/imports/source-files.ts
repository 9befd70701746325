import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { join as joinPosix } from 'node:path/posix';
import { PYTHON_SOURCE } from './import-names';

/**
 * Lists as many files below a project's `src` as `importNamesOf` needs.
 *
 * @param sourceFolder - the absolute path of `src`
 * @returns the files of the outermost packages, relative to it, with `/`; none where the folder cannot be read
 */
export function outermostSources(sourceFolder: string): readonly string[] {
  const { files, folders } = entriesOf(sourceFolder);
  return [
    ...files,
    ...folders.flatMap((folder) => {
      const inside = (): readonly string[] =>
        outermostSources(join(sourceFolder, folder));
      const own = entriesOf(join(sourceFolder, folder)).files;
      return (own.length > 0 ? own : inside()).map((file) =>
        joinPosix(folder, file),
      );
    }),
  ];
}

/**
 * Lists the Python files of a project, without those of projects in folders below it.
 *
 * @param projectFolder - absolute path
 * @returns absolute paths
 */
export function pythonFilesOf(projectFolder: string): readonly string[] {
  const { files, folders } = entriesOf(projectFolder);
  return [
    ...files.map((file) => join(projectFolder, file)),
    ...folders
      .map((folder) => join(projectFolder, folder))
      .filter((folder) => !existsSync(join(folder, 'pyproject.toml')))
      .flatMap(pythonFilesOf),
  ];
}

/** The Python files and the folders of a folder, without what no tool looks at; none where it cannot be read. */
function entriesOf(folder: string): {
  readonly files: readonly string[];
  readonly folders: readonly string[];
} {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return {
      files: entries
        .filter((entry) => !entry.isDirectory())
        .map(({ name }) => name)
        .filter((name) => PYTHON_SOURCE.test(name)),
      folders: entries
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .filter((name) => !/^(?:\.|__pycache__$|node_modules$)/.test(name)),
    };
  } catch {
    return { files: [], folders: [] };
  }
}
