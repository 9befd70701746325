import type { TargetConfiguration } from '@nx/devkit';

/**
 * The target that measures a cold start; never cached, since it measures a machine too. Alone: other tasks would take
 * caches and clock from it.
 */
export function coldstartTarget(
  packTargetName: string,
  usesLayers: boolean,
): TargetConfiguration {
  return {
    executor: 'lambda-py:coldstart',
    cache: false,
    parallelism: false,
    dependsOn: [packTargetName, ...(usesLayers ? [`^${packTargetName}`] : [])],
    metadata: {
      technologies: ['aws-lambda'],
      description:
        'Measures the initialisation of the packed artifact, and checks its budget',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { runs: 20 } },
      },
    },
  };
}
