import type { ProjectFileMap, RawProjectGraphDependency } from '@nx/devkit';
import { openContentCache } from '../content-cache';
import { IMPLICIT_DEPENDENCY } from '../dependency-types';
import { contentHashOf, graphCacheFolder } from '../nx-internal';
import { loadedByEveryTest } from '../pytest-entry-points';
import type { PythonWorkspace } from '../python-workspace';
import { findUndeclaredImports } from './undeclared-imports';
import type { KnownContent } from './known-files';

/** What the edges are drawn between. */
export interface ImportContext {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly workspace: PythonWorkspace;
  /** The distributions that each project has declared, by its name. */
  readonly declared: ReadonlyMap<string, ReadonlySet<string>>;
  /** Nx's project name for each project root. */
  readonly nxNames: ReadonlyMap<string, string>;
}

/**
 * The edges to the members that a project imports and has not declared: the shared environment holds them, so the
 * import works, and what depends on it must be affected, until `lint` has had the import declared.
 *
 * Implicit ones, for the reason that the declared ones are (see edges.ts).
 *
 * @param context - the workspace
 * @param fileMap - the files of each Nx project
 * @returns the edges, each once
 */
export async function importEdgesOf(
  { workspaceRoot, workspace, declared, nxNames }: ImportContext,
  fileMap: ProjectFileMap,
): Promise<readonly RawProjectGraphDependency[]> {
  const inEveryTest = loadedByEveryTest(workspace.projects);
  const nxNameOf = new Map<string, string>();
  const members = workspace.projects.flatMap((project) => {
    const nxName = nxNames.get(project.projectRoot);
    if (nxName === undefined) return [];
    nxNameOf.set(project.name, nxName);
    return {
      ...project,
      files: fileMap[nxName] ?? [],
      declared: declared.get(project.name) ?? new Set<string>(),
      isInEveryTest: inEveryTest.has(project.name),
    };
  });
  const cache = openContentCache<KnownContent>(
    graphCacheFolder(workspaceRoot),
    'lambda-py-imports.json',
  );
  const found = await findUndeclaredImports(
    workspaceRoot,
    members,
    cache,
    contentHashOf,
  );
  cache.save();
  return found.map(({ member, imported }) => ({
    source: nxNameOf.get(member) ?? member,
    target: nxNameOf.get(imported) ?? imported,
    type: IMPLICIT_DEPENDENCY,
  }));
}
