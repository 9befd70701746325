import type { ProjectConfiguration, TargetConfiguration } from '@nx/devkit';
import { foldersAbove } from './folders-above';
import { namedInputs } from './inputs';
import type { InputContext, WorkspaceContext } from './inputs';
import type { PluginOptions } from './plugin-options';
import type { JudgedProject } from './requirements-freshness';
import { openSharedValues } from './shared-values';
import type { ShareValue } from './shared-values';
import { auditTarget } from './targets/audit';
import { coldstartTarget } from './targets/coldstart';
import { LOCAL_STAGE } from './stages';
import type { Stages } from './stages';
import { deployTarget } from './targets/deploy';
import { formatTarget } from './targets/format';
import { invokeTarget } from './targets/invoke';
import { lintTarget } from './targets/lint';
import { packTarget } from './targets/pack';
import { rollbackTarget } from './targets/rollback';
import { serveTarget } from './targets/serve';
import { testTarget } from './targets/test';
import { typecheckTarget } from './targets/typecheck';
import { validateTarget } from './targets/validate';

/**
 * The Nx project of a Python project.
 *
 * @param project - the member of the uv workspace
 * @param options - the names of the targets
 * @param workspace - what the inputs depend on besides the project
 * @param stages - the stages that a rollback knows
 * @param share - gives projects of one kind the same targets, and is used with no other names and inputs than these
 * @returns its configuration; a project.json of the user's is merged over it
 */
export function nodeOf(
  project: JudgedProject,
  options: Required<PluginOptions>,
  workspace: WorkspaceContext,
  stages: Stages = LOCAL_STAGE,
  share: ShareValue = openSharedValues(),
): ProjectConfiguration {
  const { isSourceLayout, hasReadme, infrastructureKinds } = project;
  const inputs = {
    infrastructureKinds,
    requirementsAreFresh: project.requirementsAreFresh,
    pathDependencies: project.pathDependencies,
    pytestFolders: project.hasPytestSettings
      ? []
      : foldersAbove(project.projectRoot),
    lintSettings: project.lintSettings ?? [],
    testSettings: project.testSettings ?? [],
    nestedProjects: project.nestedProjects ?? [],
    ...(project.packedProjects === undefined
      ? {}
      : { packedProjects: project.packedProjects }),
  };
  const context = { ...workspace, ...inputs };
  const isStack =
    !project.isService &&
    !project.hasSourceFolder &&
    infrastructureKinds.length > 0;
  const kind = {
    isService: project.isService,
    isHttpService: project.isHttpService === true,
    isLayer: project.isLayer,
    hasSourceFolder: project.hasSourceFolder,
    usesLayers: project.layers.length > 0,
  };
  return {
    name: project.name,
    root: project.projectRoot,
    sourceRoot: `${project.projectRoot}/src`,
    projectType: project.isService ? 'application' : 'library',
    tags: [...project.tags],
    namedInputs: share(
      () => namedInputs({ isSourceLayout, hasReadme, isStack }, context),
      isSourceLayout,
      hasReadme,
      isStack,
      inputs,
    ),
    metadata: {
      technologies: [
        'python',
        ...(project.isService || project.isLayer ? ['aws-lambda'] : []),
      ],
      ...(project.description === undefined
        ? {}
        : { description: project.description }),
    },
    targets: share(
      () => targetsOf(kind, options, stages, context),
      kind,
      inputs,
    ),
  };
}

/** What decides which targets a project has. */
type ProjectKind = Pick<
  JudgedProject,
  'isService' | 'isLayer' | 'hasSourceFolder'
> & { readonly isHttpService: boolean; readonly usesLayers: boolean };

function targetsOf(
  kind: ProjectKind,
  options: Required<PluginOptions>,
  stages: Stages,
  context: InputContext,
): Record<string, TargetConfiguration> {
  // What services share: infrastructure code of its own, and no function.
  const isStack = !kind.isService && context.infrastructureKinds.length > 0;
  return {
    [options.lintTargetName]: lintTarget(context),
    [options.formatTargetName]: formatTarget(),
    // A layer that only gathers dependencies has nothing to check or to test, nor has a stack.
    ...((kind.isLayer || isStack) && !kind.hasSourceFolder
      ? {}
      : {
          [options.typecheckTargetName]: typecheckTarget(context),
          [options.testTargetName]: testTarget(context),
        }),
    [options.auditTargetName]: auditTarget(context),
    ...(kind.isService || kind.isLayer
      ? { [options.packTargetName]: packTarget(context) }
      : {}),
    ...(kind.isService
      ? {
          [options.invokeTargetName]: invokeTarget(
            options.packTargetName,
            kind.usesLayers,
          ),
          ...(kind.isHttpService
            ? {
                [options.serveTargetName]: serveTarget(
                  options.packTargetName,
                  kind.usesLayers,
                ),
              }
            : {}),
          [options.coldstartTargetName]: coldstartTarget(
            options.packTargetName,
            kind.usesLayers,
          ),
        }
      : {}),
    ...(kind.isService || isStack
      ? { [options.deployTargetName]: deployTarget(options, kind) }
      : {}),
    ...(kind.isService
      ? { [options.rollbackTargetName]: rollbackTarget(stages) }
      : {}),
    ...(kind.isService && context.infrastructureKinds.length > 0
      ? {
          [options.validateTargetName]: validateTarget(
            context,
            options.packTargetName,
          ),
        }
      : {}),
  };
}
