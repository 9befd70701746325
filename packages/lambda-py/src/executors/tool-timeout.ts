/** After how many seconds a tool is stopped where the user says nothing: longer than any gate should take. */
const DEFAULT_TIMEOUT = 900;

/**
 * How long the tools of a task may take.
 *
 * @param options - the executor's
 * @returns the option `timeout`, or its default: in s
 */
export function toolTimeout({
  timeout,
}: {
  readonly timeout?: number;
}): number {
  return timeout ?? DEFAULT_TIMEOUT;
}

/**
 * How long tools may take that work for many tasks at once.
 *
 * @param all - the options of each task
 * @returns what the most patient task allows: in s
 */
export function longestToolTimeout(
  all: readonly { readonly timeout?: number }[],
): number {
  return Math.max(...all.map(toolTimeout));
}
