import type { TargetConfiguration } from '@nx/devkit';
import { packInputs } from '../inputs';
import type { InputContext } from '../inputs';
import { syncGeneratorsOf } from '../sync-generators';

/** The target that makes the artifact: a zip that Lambda takes, and its manifest. */
export function packTarget(context: InputContext): TargetConfiguration {
  return {
    executor: 'lambda-py:pack',
    cache: true,
    inputs: packInputs(context),
    // Wherever the option has it go, and the files alone: a project in its folder has its own in folders below.
    outputs: ['{options.outputPath}/*.*'],
    options: { outputPath: 'dist/{projectRoot}' },
    ...syncGeneratorsOf(context),
    metadata: {
      technologies: ['aws-lambda'],
      description:
        'Packs a service or a layer into a reproducible zip for AWS Lambda',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: {},
      },
    },
  };
}
