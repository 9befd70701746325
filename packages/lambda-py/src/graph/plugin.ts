import type {
  CreateDependencies,
  CreateNodes,
  CreateNodesResult,
} from '@nx/devkit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { edgesOf } from './edges';
import { nodeOf } from './nodes';
import { warnDuringGraphCreation } from './nx-internal';
import { normalisePluginOptions } from './plugin-options';
import type { PluginOptions } from './plugin-options';
import { readPythonWorkspace } from './python-workspace';

const PACKAGE_LOCKS = [
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
];

/** Infers the targets of every member of the uv workspace. */
export const createNodes: CreateNodes<PluginOptions> = [
  '**/pyproject.toml',
  (files, pluginOptions, { workspaceRoot }) => {
    const { options, unknown, unusable } =
      normalisePluginOptions(pluginOptions);
    const { projects, warnings } = readPythonWorkspace(workspaceRoot, files);
    const has = (file: string): boolean =>
      existsSync(join(workspaceRoot, file));
    const workspace = {
      hasPackageLock: PACKAGE_LOCKS.some(has),
      hasPyrightConfig: has('pyrightconfig.json'),
    };
    for (const warning of warnings) {
      warnDuringGraphCreation(`lambda-py: ${warning}`);
    }
    if (unknown.length > 0) {
      warnDuringGraphCreation(
        `lambda-py: nx.json: plugins: unknown options: ${unknown.join(', ')}`,
      );
    }
    if (unusable.length > 0) {
      warnDuringGraphCreation(
        `lambda-py: nx.json: plugins: not the name of a target: ${unusable.join(', ')}`,
      );
    }
    return projects.map((project): readonly [string, CreateNodesResult] => [
      project.projectRoot === '.'
        ? 'pyproject.toml'
        : `${project.projectRoot}/pyproject.toml`,
      {
        projects: {
          [project.projectRoot]: nodeOf(project, options, workspace),
        },
      },
    ]);
  },
];

/** Draws the edges between the members of the uv workspace. */
export const createDependencies: CreateDependencies<PluginOptions> = (
  _,
  { workspaceRoot, projects, fileMap },
) => {
  const nxNames = new Map(
    Object.entries(projects).map(([name, { root }]) => [root, name]),
  );
  const files = [
    ...fileMap.nonProjectFiles,
    ...Object.values(fileMap.projectFileMap).flat(),
  ]
    .map(({ file }) => file)
    .filter((file) => /(?:^|\/)pyproject\.toml$/.test(file));
  // createNodes has warned already.
  return edgesOf(readPythonWorkspace(workspaceRoot, files), nxNames);
};
