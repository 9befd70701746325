import type { TargetConfiguration } from '@nx/devkit';
import { auditInputs } from '../inputs';
import type { InputContext } from '../inputs';
import { syncGeneratorsOf } from '../sync-generators';

/**
 * The target that looks for known vulnerabilities and insecure code.
 *
 * Never cached by Nx: what is known changes with no input. A date as a `runtime` input would not do, since Nx's daemon
 * keeps the value for as long as the project graph stays as it is. The answers of the day are kept by the executor.
 */
export function auditTarget(context: InputContext): TargetConfiguration {
  return {
    executor: 'lambda-py:audit',
    cache: false,
    inputs: auditInputs(context),
    outputs: ['{workspaceRoot}/reports/{projectRoot}'],
    ...syncGeneratorsOf(context),
    metadata: {
      technologies: ['uv', 'bandit'],
      description:
        'Looks for known vulnerabilities in the locked closure, and for insecure code',
      help: {
        command: 'nx run {projectName}:{targetName} --help',
        example: {
          options: { serviceUrl: 'https://osv.example' },
        },
      },
    },
  };
}
