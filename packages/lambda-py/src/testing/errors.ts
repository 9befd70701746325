import { LambdaPyError } from '../workspace/errors';

/**
 * The message of the error that the user can mend and that a call must throw.
 *
 * @param call - what must fail
 * @returns the message
 */
export function failureOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof LambdaPyError) return error.message;
    throw error;
  }
  throw new Error('the call did not fail');
}

/**
 * The message of the error that the user can mend and that a promise must reject with.
 *
 * @param promise - what must fail
 * @returns the message
 */
export async function rejectionOf(promise: Promise<unknown>): Promise<string> {
  const settled = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  return failureOf(() => {
    if (settled !== undefined) throw settled.error;
  });
}
