import { LambdaPyError } from '../workspace/errors';
import type { Advisory, Answered, Answers, Refusal } from './advisories';
import type { Pin } from './pins';

/** Whole, in halves, in quarters: a service that answers none of these is down, whatever the pins. */
const TRIES_WITHOUT_ANSWER = 3;

/**
 * A service that takes longer to refuse is not asked for parts: in ms. What is wrong with a pin is told at once; where uv
 * cannot reach the service, it tries for ten seconds.
 */
const SLOW_MS = 5_000;

/**
 * Asks for pins. Where there is no answer, halves are asked for, so that a pin that the service cannot take hides nothing
 * of the others.
 *
 * @param pins - what to ask for; nothing is asked for none
 * @param ask - asks for some of them, at least one; it throws a {@link LambdaPyError} where there is no answer
 * @returns what is known, and why it is not all
 */
export async function askInParts(
  pins: readonly Pin[],
  ask: (pins: readonly Pin[]) => Promise<Answers>,
): Promise<Answered> {
  const answers = new Map<string, readonly Advisory[]>();
  let refusal: Refusal | undefined;
  let parts = pins.length === 0 ? [] : [pins];
  for (let tries = 1; parts.length > 0; tries += 1) {
    const start = performance.now();
    const results = await Promise.all(
      parts.map((part) => refusedOrAnswered(part, ask)),
    );
    const refused: (readonly Pin[])[] = [];
    for (const result of results) {
      for (const [key, advisories] of result.answers ?? []) {
        answers.set(key, advisories);
      }
      if (result.refusal === undefined) continue;
      refusal = result.refusal;
      if (result.part.length > 1) refused.push(result.part);
    }
    const isDown = answers.size === 0 && tries === TRIES_WITHOUT_ANSWER;
    if (isDown || performance.now() - start > SLOW_MS) break;
    parts = refused.flatMap(halves);
  }
  return { answers, ...(refusal === undefined ? {} : { refusal }) };
}

async function refusedOrAnswered(
  part: readonly Pin[],
  ask: (pins: readonly Pin[]) => Promise<Answers>,
): Promise<{
  readonly part: readonly Pin[];
  readonly answers?: Answers;
  readonly refusal?: Refusal;
}> {
  try {
    return { part, answers: await ask(part) };
  } catch (error) {
    if (!(error instanceof LambdaPyError)) throw error;
    const { problem, found = problem, expected, mend } = error.details;
    return {
      part,
      refusal: {
        found,
        ...(expected === undefined ? {} : { expected }),
        ...(mend === undefined ? {} : { mend }),
      },
    };
  }
}

function halves(pins: readonly Pin[]): readonly (readonly Pin[])[] {
  const middle = Math.ceil(pins.length / 2);
  return [pins.slice(0, middle), pins.slice(middle)];
}
