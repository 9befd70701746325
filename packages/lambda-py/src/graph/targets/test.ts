import type { TargetConfiguration } from '@nx/devkit';
import { testInputs } from '../inputs';
import type { InputContext } from '../inputs';
import { syncGeneratorsOf } from '../sync-generators';

/** The target that runs the tests and holds coverage to its gates. */
export function testTarget(context: InputContext): TargetConfiguration {
  return {
    executor: 'lambda-py:test',
    cache: true,
    inputs: testInputs(context),
    // The files alone: a project in its folder has its own in folders below.
    outputs: ['{workspaceRoot}/coverage/{projectRoot}/*.*'],
    ...syncGeneratorsOf(context),
    metadata: {
      technologies: ['pytest'],
      description:
        'Runs the tests of a Python project and gates the coverage of lines and of branches',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: { options: { lines: 90, branches: 85 } },
      },
    },
  };
}
