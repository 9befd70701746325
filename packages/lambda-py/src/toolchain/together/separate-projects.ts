import { isAbsolute, relative, resolve, sep } from 'node:path';

/**
 * The projects that neither hold another one of them nor stand in one: only the files of those belong to one project
 * alone.
 *
 * @param projectRoots - relative to the workspace root, with `/`
 * @returns those of them that are apart from all others
 */
export function separateProjects(
  projectRoots: readonly string[],
): readonly string[] {
  return projectRoots.filter(
    (root) =>
      root !== '.' &&
      projectRoots.every(
        (other) =>
          other === root ||
          (other !== '.' &&
            !root.startsWith(`${other}/`) &&
            !other.startsWith(`${root}/`)),
      ),
  );
}

/**
 * Tells which project a file belongs to.
 *
 * @param workspaceRoot - absolute path
 * @param projectRoots - separate projects
 * @returns the project's root by the path of a file, which is absolute or relative to the workspace
 */
export function projectFinder(
  workspaceRoot: string,
  projectRoots: readonly string[],
): (file: string) => string | undefined {
  const known = new Set(projectRoots);
  return (file) => {
    const path = relative(workspaceRoot, resolve(workspaceRoot, file));
    if (isAbsolute(path)) return undefined;
    const parts = path.split(sep);
    for (let length = parts.length - 1; length > 0; length -= 1) {
      const folder = parts.slice(0, length).join('/');
      if (known.has(folder)) return folder;
    }
    return undefined;
  };
}
