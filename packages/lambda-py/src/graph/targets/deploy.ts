import type { TargetConfiguration } from '@nx/devkit';
import type { PluginOptions } from '../plugin-options';
import { LOCAL_STAGE } from '../stages';

/**
 * The target that deploys a service, or a stack that services share; never cached. Each of its configurations is a stage.
 *
 * @param options - the names of the targets
 * @param project - `isService`: there is code to pack; `usesLayers`: and its layers have to be packed too
 */
export function deployTarget(
  {
    packTargetName,
    deployTargetName,
  }: Pick<Required<PluginOptions>, 'packTargetName' | 'deployTargetName'>,
  {
    isService,
    usesLayers,
  }: { readonly isService: boolean; readonly usesLayers: boolean },
): TargetConfiguration {
  return {
    executor: 'lambda-py:deploy',
    cache: false,
    dependsOn: [
      ...(isService ? [packTargetName] : []),
      ...(usesLayers ? [`^${packTargetName}`] : []),
      // Without the options of the command line, --dry-run of one would be a deployment of those that it depends on.
      { target: deployTargetName, dependencies: true, params: 'forward' },
    ],
    configurations: LOCAL_STAGE,
    metadata: {
      technologies: ['aws-lambda'],
      description: `Deploys a ${isService ? 'service' : 'stack'} to the stage of the configuration`,
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { dryRun: true } },
      },
    },
  };
}
