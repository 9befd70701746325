import { withFunction } from './deploy-code';
import type {
  DeployedService,
  DeploymentOutcome,
  FunctionOptions,
} from './deploy-code';
import type { Effects } from './effects';
import { checkFunctionArn } from './identity';
import { rollBack } from './rollback';
import type { Stage } from './stage';

/** The options of a rollback. */
export interface RollbackOptions extends FunctionOptions {
  /** A version; the previous one where there is none. */
  readonly to?: string | number;
}

/**
 * Moves the alias of a service back, at once.
 *
 * @param deployed - the service
 * @param options - which function, which alias, which version
 * @param stage - where
 * @param effects - the time
 * @returns for the record
 */
export function rollBackService(
  deployed: DeployedService,
  options: RollbackOptions,
  stage: Stage,
  effects: Effects,
): Promise<DeploymentOutcome> {
  return withFunction(deployed, options, stage, async (api) => {
    checkFunctionArn((await api.readFunction()).arn, {
      account: stage.identity.account,
      region: stage.settings.region,
    });
    const { to } = options;
    return {
      status: 'rolled-back',
      functionName: api.functionName,
      alias: api.aliasName,
      ...(await rollBack(
        api,
        to === undefined ? undefined : String(to),
        effects,
      )),
    };
  });
}
