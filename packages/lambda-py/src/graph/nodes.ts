import type { ProjectConfiguration } from '@nx/devkit';
import { namedInputs } from './inputs';
import type { WorkspaceContext } from './inputs';
import type { PluginOptions } from './plugin-options';
import type { JudgedProject } from './requirements-freshness';
import { formatTarget } from './targets/format';
import { invokeTarget } from './targets/invoke';
import { lintTarget } from './targets/lint';
import { packTarget } from './targets/pack';
import { testTarget } from './targets/test';
import { typecheckTarget } from './targets/typecheck';
import { validateTarget } from './targets/validate';

/**
 * The Nx project of a Python project.
 *
 * @param project - the member of the uv workspace
 * @param options - the names of the targets
 * @param workspace - what the inputs depend on besides the project
 * @returns its configuration; a project.json of the user's is merged over it
 */
export function nodeOf(
  project: JudgedProject,
  options: Required<PluginOptions>,
  workspace: WorkspaceContext,
): ProjectConfiguration {
  const context = {
    ...workspace,
    requirementsAreFresh: project.requirementsAreFresh,
    pathDependencies: project.pathDependencies,
    pytestFolders: project.hasPytestSettings
      ? []
      : foldersAbove(project.projectRoot),
    ...(project.packedProjects === undefined
      ? {}
      : { packedProjects: project.packedProjects }),
  };
  return {
    name: project.name,
    root: project.projectRoot,
    sourceRoot: `${project.projectRoot}/src`,
    projectType: project.isService ? 'application' : 'library',
    tags: [...project.tags],
    namedInputs: namedInputs(project),
    metadata: {
      technologies: [
        'python',
        ...(project.isService || project.isLayer ? ['aws-lambda'] : []),
      ],
      ...(project.description === undefined
        ? {}
        : { description: project.description }),
    },
    targets: {
      [options.lintTargetName]: lintTarget(context),
      [options.formatTargetName]: formatTarget(),
      // A layer that only gathers dependencies has nothing to check or to test.
      ...(project.isLayer && !project.hasSourceFolder
        ? {}
        : {
            [options.typecheckTargetName]: typecheckTarget(context),
            [options.testTargetName]: testTarget(context),
          }),
      ...(project.isService || project.isLayer
        ? { [options.packTargetName]: packTarget(context) }
        : {}),
      ...(project.isService
        ? {
            [options.invokeTargetName]: invokeTarget(
              options.packTargetName,
              project.layers.length > 0,
            ),
          }
        : {}),
      ...(project.isService && project.infrastructureKinds.length > 0
        ? {
            [options.validateTargetName]: validateTarget(
              context,
              project.infrastructureKinds,
              options.packTargetName,
            ),
          }
        : {}),
    },
  };
}

/** `a/b/c` has `a/b/`, `a/` and the root, which is the empty text. */
function foldersAbove(projectRoot: string): string[] {
  const parts = projectRoot === '.' ? [] : projectRoot.split('/').slice(0, -1);
  return [
    '',
    ...parts.map((_, end) => `${parts.slice(0, end + 1).join('/')}/`),
  ];
}
