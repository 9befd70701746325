import { packageNameOf } from '../names';

/** A file that Python imports as source, or that a type checker reads in its place. */
export const PYTHON_SOURCE = /\.pyi?$/;

/**
 * Tells by which names a project's code is imported: those of the packages and modules in its folder `src`.
 *
 * A folder of `src` that holds folders alone is a namespace that projects share (PEP 420): its packages are named,
 * `acme.contracts`.
 *
 * @param projectName - tells the project's name: where `src` holds nothing, the import package goes by it (PEP 8)
 * @param sourceFiles - the files below `src`, relative to it, with `/`; deeper ones than a package's own may be missing
 * @returns dotted names
 */
export function importNamesOf(
  projectName: () => string,
  sourceFiles: readonly string[],
): readonly string[] {
  const files = sourceFiles.filter((file) => PYTHON_SOURCE.test(file));
  const folders = new Set(files.map(folderOf));
  const packages = new Set(files.map((file) => packageOf(file, folders)));
  const names = [...packages]
    .map((path) => path.replaceAll('/', '.'))
    .filter((name) => /^[\p{ID_Start}_][\p{ID_Continue}.]*$/u.test(name));
  return names.length === 0 ? [packageNameOf(projectName())] : names;
}

/** The path of a file's folder, empty for `src` itself. */
function folderOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}

/** The outermost folder above a file that holds Python files itself; the file, where that is `src`. */
function packageOf(file: string, folders: ReadonlySet<string>): string {
  const folder = folderOf(file);
  if (folder === '') return file.replace(PYTHON_SOURCE, '');
  for (let end = folder.indexOf('/'); end > 0;) {
    const outer = folder.slice(0, end);
    if (folders.has(outer)) return outer;
    end = folder.indexOf('/', end + 1);
  }
  return folder;
}
