import { DependencyType } from '@nx/devkit';
import type { RawProjectGraphDependency } from '@nx/devkit';
import { join } from 'node:path/posix';
import { directMembers } from '../workspace/closure';
import type { PythonWorkspace } from './python-workspace';

/**
 * The edges between the projects of the uv workspace.
 *
 * They are the union of what uv.lock says and of what the members' pyproject files say: between an edit of the one and
 * the next `uv lock`, a missing edge would be a missed test.
 *
 * @param workspace - the uv workspace
 * @param nxNames - Nx's project name for each project root; a project.json may have renamed a project
 * @returns the edges, those that Nx has no project for left out
 */
export function edgesOf(
  workspace: PythonWorkspace,
  nxNames: ReadonlyMap<string, string>,
): RawProjectGraphDependency[] {
  const rootOf = new Map(
    workspace.projects.map(({ name, projectRoot }) => [name, projectRoot]),
  );
  return workspace.projects.flatMap((project) => {
    const source = nxNames.get(project.projectRoot);
    if (source === undefined) return [];
    const locked =
      workspace.lock === undefined
        ? []
        : directMembers(workspace.lock, project.name);
    return [...new Set([...project.dependencyNames, ...locked])]
      .map((name) => nxNames.get(rootOf.get(name) ?? ''))
      .filter((target) => target !== undefined && target !== source)
      .map((target) => ({
        source,
        target: target ?? '',
        type: DependencyType.static,
        sourceFile: join(project.projectRoot, 'pyproject.toml'),
      }));
  });
}
