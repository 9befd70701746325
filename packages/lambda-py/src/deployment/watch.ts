import { LambdaPyError } from '../workspace/errors';
import type { Effects } from './effects';
import type { FunctionApi } from './function-api';

/** How a new version is judged. */
export interface Watch {
  /** JSON: the event that the version has to answer; none for no such test. */
  readonly smokeEvent?: string;
  /** Names of alarms: none may go off while the traffic is shifted. */
  readonly alarms: readonly string[];
}

/** A version that is not good enough to have the traffic. */
export class UnfitVersionError extends Error {
  override readonly name = 'UnfitVersionError';
}

const POLL_MS = 15_000;
const LONGEST_SHOWN = 2_000;

/**
 * Invokes a version, or an alias, which must answer without an error; the answer to an HTTP event must not be 5xx.
 *
 * @param api - AWS
 * @param watch - has the event; nothing is done where it has none
 * @param qualifier - the version, or the alias
 * @throws {@link UnfitVersionError} when the function fails
 */
export async function smoke(
  api: FunctionApi,
  { smokeEvent }: Watch,
  qualifier: string,
): Promise<void> {
  if (smokeEvent === undefined) return;
  const { functionError, payload } = await api.invoke(qualifier, smokeEvent);
  const status = statusOf(payload);
  if (functionError === undefined && (status === undefined || status < 500)) {
    return;
  }
  throw new UnfitVersionError(
    `${qualifier} failed on the smoke event: ${functionError ?? `status ${status ?? ''}`}\n${payload.slice(0, LONGEST_SHOWN)}`,
  );
}

function statusOf(payload: string): number | undefined {
  try {
    const answer: unknown = JSON.parse(payload);
    if (typeof answer !== 'object' || answer === null) return undefined;
    const { statusCode } = answer as { readonly statusCode?: unknown };
    return typeof statusCode === 'number' ? statusCode : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Refuses to begin where an alarm is missing, or has gone off already: it could not tell a bad version from a good one.
 *
 * @param api - AWS
 * @param watch - has the names
 * @throws {@link LambdaPyError} that names the alarm
 */
export async function checkAlarmsAtStart(
  api: FunctionApi,
  { alarms }: Watch,
): Promise<void> {
  if (alarms.length === 0) return;
  const states = await api.readAlarms(alarms);
  for (const name of alarms) {
    const state = states.get(name);
    if (state !== undefined && state !== 'ALARM') continue;
    throw new LambdaPyError({
      location: `alarm ${name}`,
      problem:
        state === undefined
          ? 'the alarm that is to watch the release does not exist'
          : 'the alarm that is to watch the release has gone off before it',
      found: state ?? 'no alarm of that name in the region',
      expected: 'an alarm in the state OK or INSUFFICIENT_DATA',
      mend:
        state === undefined
          ? 'correct "alarms" in the configuration of the stage in nx.json'
          : 'mend what it warns of, or pass other --alarms',
    });
  }
}

/**
 * Watches the alarms for some time.
 *
 * @param api - AWS
 * @param watch - has the names
 * @param seconds - for how long; the alarms are read once at the end at least
 * @param effects - waits
 * @throws {@link UnfitVersionError} when one goes off
 */
export async function watchAlarms(
  api: FunctionApi,
  { alarms }: Watch,
  seconds: number,
  effects: Effects,
): Promise<void> {
  const end = effects.now() + seconds * 1000;
  for (;;) {
    const left = end - effects.now();
    if (left > 0) await effects.sleep(Math.min(left, POLL_MS));
    if (alarms.length > 0) {
      const states = await api.readAlarms(alarms);
      const name = alarms.find((one) => states.get(one) === 'ALARM');
      if (name !== undefined) {
        throw new UnfitVersionError(`the alarm ${name} has gone off`);
      }
    }
    if (effects.now() >= end) return;
  }
}
