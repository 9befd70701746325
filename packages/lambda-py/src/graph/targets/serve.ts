import type { TargetConfiguration } from '@nx/devkit';

/** The target that serves a service over HTTP until it is stopped. */
export function serveTarget(
  packTargetName: string,
  usesLayers: boolean,
): TargetConfiguration {
  return {
    executor: 'lambda-py:serve',
    continuous: true,
    cache: false,
    dependsOn: [packTargetName, ...(usesLayers ? [`^${packTargetName}`] : [])],
    metadata: {
      technologies: ['aws-lambda'],
      description:
        'Serves a service over HTTP on this machine, and each change of it',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { port: 3000 } },
      },
    },
  };
}
