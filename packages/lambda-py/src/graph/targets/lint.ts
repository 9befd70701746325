import type { TargetConfiguration } from '@nx/devkit';
import { lintInputs } from '../inputs';
import type { InputContext } from '../inputs';

/** The target that checks lint rules and formatting. */
export function lintTarget(context: InputContext): TargetConfiguration {
  return {
    executor: 'lambda-py:lint',
    cache: true,
    inputs: lintInputs(context),
    outputs: [],
    metadata: {
      technologies: ['ruff', 'black'],
      description: 'Checks the lint rules and the format of a Python project',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { formatter: 'ruff' } },
      },
    },
  };
}
