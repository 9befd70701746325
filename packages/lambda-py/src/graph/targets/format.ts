import type { TargetConfiguration } from '@nx/devkit';

/** The target that formats in place; never cached, since what it changes is its own input. */
export function formatTarget(): TargetConfiguration {
  return {
    executor: 'lambda-py:format',
    cache: false,
    metadata: {
      technologies: ['ruff', 'black'],
      description:
        'Sorts the imports of a Python project and formats it in place',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { fix: true } },
      },
    },
  };
}
