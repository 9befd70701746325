import type { DeploymentOutcome } from './deploy-code';
import { readCommit } from './commit';
import { deployInfrastructure } from './deploy-infrastructure';
import type {
  Infrastructure,
  InfrastructureOptions,
} from './deploy-infrastructure';
import type { Effects } from './effects';
import type { Stage } from './stage';

/** The options of a deployment of a stack that is no service's. */
export interface StackOptions extends InfrastructureOptions {
  readonly strategy?: 'code' | 'template';
}

/**
 * Deploys the infrastructure code of a project that is no service: what services share.
 *
 * @param stack - the code
 * @param options - how; the services that wait for it hand on theirs, of which those that are about code mean nothing here
 * @param stage - where
 * @param effects - tells the user
 * @returns for the record
 * @throws {@link LambdaPyError} when the tool fails
 */
export async function deployStack(
  stack: Infrastructure,
  options: StackOptions,
  stage: Stage,
  effects: Effects,
): Promise<DeploymentOutcome> {
  if (options.strategy === 'code') {
    effects.log(
      `${stack.project.projectName} has no code: --strategy=code leaves its stack as it is`,
    );
    return {
      strategy: 'code',
      status: options.dryRun === true ? 'planned' : 'unchanged',
    };
  }
  const { status } = await deployInfrastructure(
    stack,
    options,
    stage,
    effects.log,
  );
  const commit = await readCommit(stack.workspaceRoot);
  return {
    strategy: 'template',
    status,
    ...(commit === undefined ? {} : { commit }),
  };
}
