import { packageNameOf } from '../names';

/** A file that Python imports as source, or that a type checker reads in its place. */
export const PYTHON_SOURCE = /\.pyi?$/;

/** The folder of a distribution that holds stubs alone: `acme-stubs` is read for `acme` (PEP 561). */
export const STUBS_FOLDER = /^([^/]+)-stubs\//;

/** What makes a package of its folder. */
const PACKAGE_MARKER = /\/__init__\.pyi?$/;

/** The code of a project. */
export interface ProjectSources {
  /** Tells the project's name: where it has no code, the import package goes by it (PEP 8). */
  readonly projectName: () => string;
  /**
   * The files below the folders that Python is pointed at, such as `src`: relative to them, with `/`. Those inside of a
   * package may be missing, but for its `__init__.py`.
   */
  readonly sourceFiles: readonly string[];
  /** Dotted names that the settings of the project tell, be the files there or not. */
  readonly moduleNames?: readonly string[] | undefined;
}

/** The code of a project, taken apart. */
interface Parts {
  /** The outermost packages, and the modules outside of any: paths without suffix. */
  readonly outermost: ReadonlySet<string>;
  /** The folders that hold modules and are no packages. */
  readonly holders: ReadonlySet<string>;
}

/**
 * Tells by which names the code of projects is imported: those of its outermost packages and modules.
 *
 * A folder without `__init__.py` is a namespace, which projects may share (PEP 420): what stands in it is named,
 * `acme.contracts`. One that holds modules itself, and that no other project has, is named as a whole: it is a package
 * whose author has no use for an `__init__.py`, and `import acme` means it.
 *
 * @param projects - all that may share a namespace
 * @returns the dotted names of each, in the order of the projects
 */
export function importNamesOf(
  projects: readonly ProjectSources[],
): readonly (readonly string[])[] {
  const parts = projects.map(({ sourceFiles }) => partsOf(sourceFiles));
  const users = new Map<string, Parts | undefined>();
  for (const part of parts) {
    for (const path of part.outermost) {
      for (const folder of [...foldersAbove(path), path]) {
        const known = users.get(folder);
        users.set(
          folder,
          known === part || !users.has(folder) ? part : undefined,
        );
      }
    }
  }
  return projects.map(({ projectName, moduleNames = [] }, index) => {
    const part = parts[index];
    const paths = [...(part?.outermost ?? [])].map(
      (path) =>
        foldersAbove(path).find(
          (folder) =>
            part?.holders.has(folder) === true && users.get(folder) === part,
        ) ?? path,
    );
    const names = [...paths.map((path) => path.replaceAll('/', '.'))].concat(
      moduleNames.map((name) => name.replace(/-stubs(?=\.|$)/, '')),
    );
    const importable = [...new Set(names)].filter((name) =>
      /^[\p{ID_Start}_][\p{ID_Continue}.]*$/u.test(name),
    );
    return importable.length === 0
      ? [packageNameOf(projectName())]
      : importable;
  });
}

function partsOf(sourceFiles: readonly string[]): Parts {
  const files = sourceFiles
    .filter((file) => PYTHON_SOURCE.test(file))
    .map((file) => file.replace(STUBS_FOLDER, '$1/'));
  const packages = new Set(
    files.filter((file) => PACKAGE_MARKER.test(file)).map(folderOf),
  );
  const outermost = new Set<string>();
  const holders = new Set<string>();
  for (const file of files) {
    const outer = outermostPackage(file, packages);
    outermost.add(outer ?? file.replace(PYTHON_SOURCE, ''));
    if (outer === undefined) holders.add(folderOf(file));
  }
  return { outermost, holders };
}

/** The path of a file's folder, empty for the outermost one. */
function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

function outermostPackage(
  file: string,
  packages: ReadonlySet<string>,
): string | undefined {
  for (let end = file.indexOf('/'); end > 0; end = file.indexOf('/', end + 1)) {
    const folder = file.slice(0, end);
    if (packages.has(folder)) return folder;
  }
  return undefined;
}

/** `a/b/c` gives `a` and `a/b`. */
function foldersAbove(path: string): readonly string[] {
  const folders: string[] = [];
  for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
    folders.push(path.slice(0, end));
  }
  return folders;
}
