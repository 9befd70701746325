import type { BuildSettings } from './build-settings';
import { PYTHON_SOURCE } from './import-names';

/** What stands beside the modules in the folder of a project and gets into no wheel. */
const NO_MODULES =
  /^(?:(?:tests?|docs?|examples?|infra|events|build|dist)\/|(?:setup|conftest|noxfile|test_[^/]*)\.py$)/;

/**
 * Lists the files of a project by the paths that they are imported by: relative to the folders that Python is pointed at.
 *
 * These are `src`, and those that the settings of the build backend name. Where there are such settings, or nothing is in
 * `src`, the folder of the project is one too: a backend takes the packages that it finds there.
 *
 * @param files - the project's files, relative to its folder, with `/`; those inside of a package may be missing, but for
 * its `__init__.py`
 * @param settings - see {@link BuildSettings}; none where the backend goes by its defaults
 * @returns paths for `importNamesOf`
 */
export function moduleFilesOf(
  files: readonly string[],
  settings?: BuildSettings,
): readonly string[] {
  const inSource = below(files, 'src/');
  if (
    settings === undefined &&
    inSource.some((file) => PYTHON_SOURCE.test(file))
  ) {
    return inSource;
  }
  const python = files.filter((file) => PYTHON_SOURCE.test(file));
  const all = new Set(python);
  const named = (settings?.paths ?? [])
    .map(folderIn)
    .filter((folder) => folder !== '' && !NO_MODULES.test(`${folder}/`))
    .filter((folder) => python.some((file) => file.startsWith(`${folder}/`)))
    .map((folder) => `${outOfPackages(folder, all)}/`)
    .filter((folder) => folder !== '/');
  const roots = [...new Set(['src/', ...named])];
  return [
    ...roots.flatMap((root) => below(python, root)),
    ...(settings?.isInstalled === false
      ? []
      : python.filter(
          (file) =>
            !NO_MODULES.test(file) &&
            !roots.some((root) => file.startsWith(root)),
        )),
  ];
}

function below(files: readonly string[], root: string): readonly string[] {
  return files
    .filter((file) => file.startsWith(root))
    .map((file) => file.slice(root.length));
}

/** The folder that a setting names, without a pattern at its end; empty for the project's own and for any outside of it. */
function folderIn(path: string): string {
  const parts = path
    .split(/[\\/]/)
    .filter((part) => part !== '.' && part !== '');
  const pattern = parts.findIndex((part) => /[*?[]|\.pyi?$/.test(part));
  return path.startsWith('/') || parts.includes('..')
    ? ''
    : parts.slice(0, pattern < 0 ? parts.length : pattern).join('/');
}

/** The first folder, from the given one outwards, that is no package; empty for the project's own. */
function outOfPackages(folder: string, files: ReadonlySet<string>): string {
  const isPackage = ['py', 'pyi'].some((suffix) =>
    files.has(`${folder}/__init__.${suffix}`),
  );
  return isPackage
    ? outOfPackages(
        folder.slice(0, Math.max(0, folder.lastIndexOf('/'))),
        files,
      )
    : folder;
}
