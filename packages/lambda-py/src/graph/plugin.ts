import type {
  CreateDependencies,
  CreateNodes,
  CreateNodesResult,
} from '@nx/devkit';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredNamesOf, edgesOf } from './edges';
import { importEdgesOf } from './imports/import-edges';
import { nodeOf } from './nodes';
import { warnDuringGraphCreation } from './nx-internal';
import { normalisePluginOptions } from './plugin-options';
import type { PluginOptions } from './plugin-options';
import { inputsOfEveryTest } from './pytest-entry-points';
import { openSharedValues } from './shared-values';
import { readPythonWorkspace, takePythonWorkspace } from './python-workspace';
import { judgeRequirements } from './requirements-freshness';
import { rollbackStages } from './stages';

const PACKAGE_LOCKS = [
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
];

/** Infers the targets of every member of the uv workspace. */
export const createNodes: CreateNodes<PluginOptions> = [
  '**/pyproject.toml',
  (files, pluginOptions, { workspaceRoot, nxJsonConfiguration }) => {
    const { options, unknown, unusable } =
      normalisePluginOptions(pluginOptions);
    const pythonWorkspace = readPythonWorkspace(workspaceRoot, files);
    const { hasPytestSettings, pyrightSettings, warnings } = pythonWorkspace;
    const warn = (warning: string): void => {
      warnings.push(warning);
    };
    const { projects, toolchainIsFresh, areInSync } = judgeRequirements(
      workspaceRoot,
      pythonWorkspace,
      warn,
    );
    const has = (file: string): boolean =>
      existsSync(join(workspaceRoot, file));
    const packageLocks = PACKAGE_LOCKS.filter(has).map((file) =>
      readFileSync(join(workspaceRoot, file), 'utf8'),
    );
    const workspace = {
      // Nx refuses an external dependency that it does not know: a plugin that is linked is in no lock file.
      hasPackageLock: packageLocks.some((text) => text.includes('lambda-py')),
      hasCdkToolkit: packageLocks.some((text) => /\baws-cdk["'@]/.test(text)),
      hasPyrightConfig: has('pyrightconfig.json'),
      hasPytestSettings,
      ...(pyrightSettings === undefined ? {} : { pyrightSettings }),
      hasTypesInput: nxJsonConfiguration.namedInputs?.['types'] !== undefined,
      everyTest: inputsOfEveryTest(projects),
      toolchainIsFresh,
      requirementsAreInSync: areInSync,
    };
    const stages = rollbackStages(
      nxJsonConfiguration,
      options.deployTargetName,
    );
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
    const share = openSharedValues();
    return projects.map((project): readonly [string, CreateNodesResult] => [
      project.projectRoot === '.'
        ? 'pyproject.toml'
        : `${project.projectRoot}/pyproject.toml`,
      {
        projects: {
          [project.projectRoot]: nodeOf(
            project,
            options,
            workspace,
            stages,
            share,
          ),
        },
      },
    ]);
  },
];

/** Draws the edges between the members of the uv workspace. */
export const createDependencies: CreateDependencies<PluginOptions> = async (
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
  const workspace = takePythonWorkspace(workspaceRoot, files);
  const declared = declaredNamesOf(workspace);
  return [
    ...edgesOf(workspace, declared, nxNames),
    ...(await importEdgesOf(
      { workspaceRoot, workspace, declared, nxNames },
      fileMap.projectFileMap,
    )),
  ];
};
