import { LambdaPyError } from '../workspace/errors';
import { isConflict, isStaleRevision } from './aws-errors';
import type { AliasState, AliasTarget, FunctionApi } from './function-api';

/**
 * Moves an alias that nobody else has moved since it was read. An answer that got lost is made up for by reading.
 *
 * @param api - AWS
 * @param current - the alias as it was read
 * @param target - where it is to point
 * @returns the alias as it stands then
 * @throws {@link LambdaPyError} when somebody else has moved it
 */
export async function moveAlias(
  api: FunctionApi,
  current: AliasState,
  target: AliasTarget,
): Promise<AliasState> {
  try {
    return await api.updateAlias(target, current.revisionId);
  } catch (error) {
    if (!isStaleRevision(error) && !isConflict(error)) throw error;
    const now = await api.readAlias();
    if (now !== undefined && isSameTarget(now, target)) return now;
    throw new LambdaPyError(
      {
        location: `alias ${api.aliasName} of ${api.functionName}`,
        problem: 'somebody else has moved the alias meanwhile',
        found:
          now === undefined
            ? 'no alias any more'
            : `version ${now.version}${formatWeights(now.weights)}`,
        expected: `version ${current.version}${formatWeights(current.weights)}`,
        mend: 'see who deploys besides you, then run the target again',
      },
      { cause: error },
    );
  }
}

/**
 * Makes an alias that is not there yet.
 *
 * @param api - AWS
 * @param target - where it is to point
 * @returns the alias
 */
export async function makeAlias(
  api: FunctionApi,
  target: AliasTarget,
): Promise<AliasState> {
  try {
    return await api.createAlias(target);
  } catch (error) {
    if (!isConflict(error)) throw error;
    const now = await api.readAlias();
    if (now !== undefined && isSameTarget(now, target)) return now;
    throw error;
  }
}

function isSameTarget(one: AliasTarget, other: AliasTarget): boolean {
  return (
    one.version === other.version &&
    one.description === other.description &&
    formatWeights(one.weights) === formatWeights(other.weights)
  );
}

function formatWeights(weights: Readonly<Record<string, number>>): string {
  return Object.entries(weights)
    .sort(([one], [other]) => Number(one) - Number(other))
    .map(([version, weight]) => `, ${weight * 100} % to version ${version}`)
    .join('');
}
