import { LambdaPyError, messageOf } from '../workspace/errors';
import type { Effects } from './effects';
import type { AliasState, FunctionApi } from './function-api';
import { moveAlias } from './move-alias';

/**
 * Gives an alias the version back that it had before a release, unless it has it still, or somebody else has moved it.
 *
 * @param api - AWS
 * @param effects - tells the user
 * @param failed - `before`: the alias as it was; `version`: the one that was being released; `cause`: why it is taken back
 * @throws {@link LambdaPyError} when AWS refuses, which names the command that mends it
 */
export async function takeBack(
  api: FunctionApi,
  effects: Effects,
  failed: {
    readonly before: AliasState;
    readonly version: string;
    readonly cause: unknown;
  },
): Promise<void> {
  const { before, version, cause } = failed;
  try {
    const now = await api.readAlias();
    if (now === undefined) return;
    const isOurs = now.version === version || version in now.weights;
    const isWhole = Object.keys(now.weights).length === 0;
    // Nothing was moved yet, or somebody else has moved it elsewhere.
    if (!isOurs || (isWhole && now.version === before.version)) return;
    effects.log(`take ${api.aliasName} back to version ${before.version}`);
    await moveAlias(api, now, {
      version: before.version,
      weights: {},
      description: before.description,
    });
  } catch (error) {
    throw new LambdaPyError(
      {
        location: `alias ${api.aliasName} of ${api.functionName}`,
        problem: `the release failed, and the alias could not be taken back to version ${before.version}`,
        found: `${messageOf(cause)}\nthen: ${messageOf(error)}`,
        mend: `run the target "rollback" with --to=${before.version}`,
      },
      { cause: error },
    );
  }
}
