import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { join as joinPosix } from 'node:path/posix';
import { PYTHON_SOURCE } from './import-names';

/**
 * Lists as many files below a folder as `importNamesOf` needs, without those of projects in folders below it.
 *
 * @param folder - the absolute path of a project or of its `src`
 * @returns the files outside of packages, and those directly in the outermost ones: relative to it, with `/`; none where
 * the folder cannot be read
 */
export function outermostSources(folder: string): readonly string[] {
  return outermostOf(folder, entriesOf(folder));
}

function outermostOf(
  folder: string,
  { files, folders }: FolderEntries,
): readonly string[] {
  if (files.some((file) => /^__init__\.pyi?$/.test(file))) return files;
  return [
    ...files,
    ...folders.flatMap((name) => {
      const inside = join(folder, name);
      const entries = entriesOf(inside);
      return entries.isProject
        ? []
        : outermostOf(inside, entries).map((file) => joinPosix(name, file));
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

/** What stands in a folder. */
interface FolderEntries {
  /** The Python files. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly isProject: boolean;
}

/** The Python files and the folders of a folder, without what no tool looks at; none where it cannot be read. */
function entriesOf(folder: string): FolderEntries {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return {
      isProject: entries.some(({ name }) => name === 'pyproject.toml'),
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
    return { files: [], folders: [], isProject: false };
  }
}
