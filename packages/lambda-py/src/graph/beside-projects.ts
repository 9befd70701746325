/**
 * Tells whether a folder is no project's, neither in one nor around one.
 *
 * @param folder - relative to the workspace root, with `/`
 * @param projectRoots - the folders of the projects
 * @returns false for the root and for what is outside of it too
 */
export function isBesideProjects(
  folder: string,
  projectRoots: readonly string[],
): boolean {
  return (
    folder !== '.' &&
    !/^\.\.(?:\/|$)/.test(folder) &&
    !projectRoots.some(
      (root) =>
        `${folder}/`.startsWith(`${root}/`) || root.startsWith(`${folder}/`),
    )
  );
}
