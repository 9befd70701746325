import type { TargetConfiguration } from '@nx/devkit';
import { validateInputs } from '../inputs';
import type { InputContext } from '../inputs';

/**
 * The target that checks infrastructure code against the artifact that it deploys.
 *
 * Terraform's is never cached: which terraform is installed, if any, is the machine's, and so is what was checked.
 */
export function validateTarget(
  context: InputContext,
  packTargetName: string,
): TargetConfiguration {
  const kinds = context.infrastructureKinds;
  return {
    executor: 'lambda-py:validate',
    cache: !kinds.includes('terraform'),
    dependsOn: [packTargetName],
    inputs: validateInputs(context),
    outputs: [],
    metadata: {
      technologies: [...kinds],
      description: "Checks a service's infrastructure code, without AWS",
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: {},
      },
    },
  };
}
