import type { TargetConfiguration } from '@nx/devkit';

/** The target that runs the packed artifact on an event, locally; never cached, since an event is no input. */
export function invokeTarget(
  packTargetName: string,
  usesLayers: boolean,
): TargetConfiguration {
  return {
    executor: 'lambda-py:invoke',
    cache: false,
    // The layers are dependencies, and it takes their artifacts too.
    dependsOn: [packTargetName, ...(usesLayers ? [`^${packTargetName}`] : [])],
    metadata: {
      technologies: ['aws-lambda'],
      description:
        "Runs a service's packed artifact on an event, in Lambda's own runtime client on this machine",
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { event: 'good' } },
      },
    },
  };
}
