import type { ExecutorContext } from '@nx/devkit';

/**
 * The root of the project that a task runs for.
 *
 * @param context - the executor's context
 * @returns the folder, relative to the workspace root, with `/`
 */
export function projectRootOf(context: ExecutorContext): string {
  const { projectName = '', projectsConfigurations } = context;
  const project = projectsConfigurations.projects[projectName];
  if (project === undefined) {
    throw new Error(`Nx ran an executor without a project: "${projectName}"`);
  }
  return project.root;
}
