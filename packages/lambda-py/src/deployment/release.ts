import type { Effects } from './effects';
import type { FunctionApi } from './function-api';
import { describeStep, planRelease } from './plan-release';
import type { ObservedFunction } from './plan-release';
import { ReleaseRun } from './release-run';
import type { ReleaseRequest, ReleaseResult } from './release-run';
import { checkAlarmsAtStart } from './watch';

/**
 * Releases code: uploads it, publishes a version, tests it and shifts the alias, and takes the alias back when that
 * fails. Whenever it is interrupted, the alias names versions that work, and the next run goes on.
 *
 * @param api - AWS
 * @param request - what to release
 * @param observed - what there is: observeFunction
 * @param effects - waits, and tells the user
 * @returns how it ended
 * @throws what AWS refused, with the alias as it was before
 */
export async function release(
  api: FunctionApi,
  request: ReleaseRequest,
  observed: ObservedFunction,
  effects: Effects,
): Promise<ReleaseResult> {
  const steps = planRelease(observed, request);
  if (steps.length > 0) await checkAlarmsAtStart(api, request.watch);
  const run = new ReleaseRun(api, request, observed, effects);
  for (const step of steps) {
    effects.checkInterrupted();
    effects.log(describeStep(step, api));
    const end = await run.take(step);
    if (end !== undefined) return end;
  }
  return {
    status: steps.length === 0 ? 'unchanged' : 'released',
    ...run.versions(),
  };
}
