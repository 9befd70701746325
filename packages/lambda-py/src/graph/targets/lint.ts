import type { TargetConfiguration } from '@nx/devkit';
import { lintInputs } from '../inputs';

/** The target that checks lint rules and formatting. */
export function lintTarget(): TargetConfiguration {
  return {
    executor: 'lambda-py:lint',
    cache: true,
    inputs: lintInputs,
    outputs: [],
    metadata: {
      technologies: ['ruff', 'black'],
      description: 'Checks the lint rules and the format of a Python project',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { fix: true } },
      },
    },
  };
}
