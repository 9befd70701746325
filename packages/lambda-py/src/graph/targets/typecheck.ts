import type { TargetConfiguration } from '@nx/devkit';
import { typecheckInputs } from '../inputs';
import type { InputContext } from '../inputs';
import { syncGeneratorsOf } from '../sync-generators';

/** The target that checks types, strictly. */
export function typecheckTarget(context: InputContext): TargetConfiguration {
  return {
    executor: 'lambda-py:typecheck',
    cache: true,
    inputs: typecheckInputs(context),
    outputs: [],
    ...syncGeneratorsOf(context),
    metadata: {
      technologies: ['pyright'],
      description: 'Checks the types of a Python project with pyright',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: {},
      },
    },
  };
}
