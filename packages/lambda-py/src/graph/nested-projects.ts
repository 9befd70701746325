import { foldersAbove } from './folders-above';

/**
 * The projects that stand below another one. Tools that are given the folder of that one look into them, and Nx counts
 * their files to the nested project alone.
 *
 * @param projectRoots - relative to the workspace root, with `/`
 * @returns for each project that holds others, their folders; the root holds all, which is `.`
 */
export function nestedProjects(
  projectRoots: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const known = new Set(projectRoots);
  const nested = new Map<string, readonly string[]>();
  for (const root of projectRoots) {
    if (root === '.') continue;
    for (const folder of foldersAbove(root)) {
      const above = folder === '' ? '.' : folder.slice(0, -1);
      if (!known.has(above)) continue;
      nested.set(
        above,
        above === '.' ? ['.'] : [...(nested.get(above) ?? []), root],
      );
    }
  }
  return nested;
}
