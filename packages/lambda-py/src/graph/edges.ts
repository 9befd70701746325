import type { RawProjectGraphDependency } from '@nx/devkit';
import { IMPLICIT_DEPENDENCY } from './dependency-types';
import type { PythonWorkspace } from './python-workspace';

/**
 * The distributions that each project has declared.
 *
 * They are the union of what uv.lock says and of what the members' pyproject files say: between an edit of the one and
 * the next `uv lock`, a missing edge would be a missed test.
 *
 * @param workspace - the uv workspace
 * @returns names by the project's name, members and others
 */
export function declaredNamesOf({
  projects,
}: PythonWorkspace): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    projects.map(({ name, dependencyNames, lockedNames }) => [
      name,
      new Set([...dependencyNames, ...lockedNames]),
    ]),
  );
}

/**
 * The edges between the projects of the uv workspace that have declared each other, and from services to the layers
 * that they use.
 *
 * They are implicit ones. Nx keeps the static edges of a file until that file changes and drops new ones (the
 * `cached.deps` of its build-project-graph, in 22 to 24); but a declaration becomes an edge, or ceases to be one, when
 * uv.lock changes or the declared project comes or goes too. Implicit edges are drawn anew each time.
 *
 * @param workspace - the uv workspace
 * @param declared - see {@link declaredNamesOf}
 * @param nxNames - Nx's project name for each project root; a project.json may have renamed a project
 * @returns the edges, those that Nx has no project for left out
 */
export function edgesOf(
  workspace: PythonWorkspace,
  declared: ReadonlyMap<string, ReadonlySet<string>>,
  nxNames: ReadonlyMap<string, string>,
): RawProjectGraphDependency[] {
  const rootOf = new Map(
    workspace.projects.map(({ name, projectRoot }) => [name, projectRoot]),
  );
  return workspace.projects.flatMap((project) => {
    const source = nxNames.get(project.projectRoot);
    if (source === undefined) return [];
    const names = new Set([
      ...(declared.get(project.name) ?? []),
      ...project.layers,
    ]);
    return [...names]
      .map((name) => nxNames.get(rootOf.get(name) ?? ''))
      .filter((target) => target !== undefined && target !== source)
      .map((target) => ({
        source,
        target: target ?? '',
        type: IMPLICIT_DEPENDENCY,
      }));
  });
}
