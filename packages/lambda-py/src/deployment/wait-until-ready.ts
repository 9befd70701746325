import { LambdaPyError } from '../workspace/errors';
import type { Effects } from './effects';
import type { FunctionApi, FunctionState } from './function-api';

// Creating network interfaces and optimising a large zip take minutes at the most:
// https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
const LONGEST_MS = 10 * 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

/**
 * Waits until Lambda has finished what it does to a function, or to a version.
 *
 * @param api - AWS
 * @param effects - waits
 * @param options - the version, `$LATEST` where there is none; whether an update that failed earlier may stay as it is
 * @returns the function as it stands then
 * @throws {@link LambdaPyError} when Lambda gave up, or takes too long
 */
export async function waitUntilReady(
  api: Pick<FunctionApi, 'functionName' | 'readFunction'>,
  effects: Effects,
  options: { readonly version?: string; readonly mayHaveFailed?: boolean } = {},
): Promise<FunctionState> {
  const deadline = effects.now() + LONGEST_MS;
  for (
    let pause = FIRST_PAUSE_MS;
    ;
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
  ) {
    const state = await api.readFunction(options.version);
    const isAccepted =
      state.failure === undefined || options.mayHaveFailed === true;
    if (state.isReady && isAccepted) return state;
    const place = { location: state.arn };
    if (state.isReady) {
      throw new LambdaPyError({
        ...place,
        problem: 'Lambda could not update the function',
        found: state.failure ?? '',
        mend: 'mend what Lambda names, then run the target again',
      });
    }
    if (effects.now() > deadline) {
      throw new LambdaPyError({
        ...place,
        problem: 'Lambda is still updating the function after 10 minutes',
        mend: 'run the target again: it goes on where it stopped',
      });
    }
    await effects.sleep(pause);
  }
}
