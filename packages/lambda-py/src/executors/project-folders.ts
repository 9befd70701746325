import type { ExecutorContext } from '@nx/devkit';

/**
 * The folders of all projects that Nx knows.
 *
 * @param context - the executor's context
 * @returns the folders, relative to the workspace root, with `/`
 */
export function projectFoldersOf({
  projectsConfigurations,
}: ExecutorContext): ReadonlySet<string> {
  return new Set(
    Object.values(projectsConfigurations.projects).map(({ root }) => root),
  );
}
