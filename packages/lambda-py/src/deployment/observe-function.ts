import type { Effects } from './effects';
import type { FunctionApi } from './function-api';
import { LATEST } from './plan-release';
import type { ObservedFunction } from './plan-release';
import { waitUntilReady } from './wait-until-ready';

/**
 * Reads what a release starts from, once Lambda has finished what it does to the function.
 *
 * @param api - AWS
 * @param effects - waits
 * @returns the function, its alias, and the code of the versions that the alias names
 */
export async function observeFunction(
  api: FunctionApi,
  effects: Effects,
): Promise<ObservedFunction> {
  // A new upload may mend an update that failed.
  const latest = await waitUntilReady(api, effects, { mayHaveFailed: true });
  const alias = await api.readAlias();
  const named =
    alias === undefined ? [] : [alias.version, ...Object.keys(alias.weights)];
  const versionSha256: Record<string, string> = {};
  for (const version of named.filter((one) => one !== LATEST)) {
    versionSha256[version] = (await api.readFunction(version)).codeSha256;
  }
  return { latest, versionSha256, ...(alias === undefined ? {} : { alias }) };
}
