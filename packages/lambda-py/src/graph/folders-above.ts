/**
 * The folders above a project, the workspace's root first.
 *
 * @param projectRoot - relative to the workspace root, with `/`
 * @returns `a/b/c` has the empty text, which is the root, `a/` and `a/b/`; the root has itself
 */
export function foldersAbove(projectRoot: string): readonly string[] {
  const parts = projectRoot === '.' ? [] : projectRoot.split('/').slice(0, -1);
  return [
    '',
    ...parts.map((_, end) => `${parts.slice(0, end + 1).join('/')}/`),
  ];
}
