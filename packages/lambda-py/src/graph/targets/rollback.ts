import type { TargetConfiguration } from '@nx/devkit';
import type { Stages } from '../stages';

/**
 * The target that points a service's alias at an earlier version; never cached.
 *
 * @param stages - the stages of the target that deploys
 */
export function rollbackTarget(stages: Stages): TargetConfiguration {
  return {
    executor: 'lambda-py:rollback',
    cache: false,
    configurations: stages,
    metadata: {
      technologies: ['aws-lambda'],
      description: "Points a service's alias at an earlier version, at once",
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { list: true } },
      },
    },
  };
}
