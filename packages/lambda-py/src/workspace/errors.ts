/** What a {@link LambdaPyError} tells the user, part by part. */
export interface ErrorDetails {
  /** The file that is wrong, relative to the workspace root. */
  readonly file?: string;
  /** The key in that file, or its line, for instance `[tool.lambda-py] runtime` or `line 3, column 7`. */
  readonly location?: string;
  /** What is wrong, in one sentence without a full stop. */
  readonly problem: string;
  /** What was found, as the user wrote it. */
  readonly found?: string;
  /** What would have been right. */
  readonly expected?: string;
  /** The command, or the edit, that mends it. */
  readonly mend?: string;
}

/**
 * An error that the user can mend: bad input, a missing tool, a stale file.
 *
 * Executors print its message alone, without a stack, and end unsuccessfully.
 */
export class LambdaPyError extends Error {
  override readonly name = 'LambdaPyError';

  constructor(
    readonly details: ErrorDetails,
    options?: ErrorOptions,
  ) {
    super(formatErrorDetails(details), options);
  }
}

/**
 * Renders error details as the lines that the user reads.
 *
 * @param details - the parts of the message
 * @returns one to four lines, without a trailing newline
 */
export function formatErrorDetails(details: ErrorDetails): string {
  const place = [details.file, details.location]
    .filter((part) => part !== undefined && part !== '')
    .join(': ');
  return [
    place === '' ? details.problem : `${place}: ${details.problem}`,
    details.found === undefined ? undefined : `  found:    ${details.found}`,
    details.expected === undefined
      ? undefined
      : `  expected: ${details.expected}`,
    details.mend === undefined ? undefined : `  mend:     ${details.mend}`,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

/**
 * The message that a thrown value is shown by.
 *
 * @param error - anything that was thrown
 * @returns its message; for a value that is no error, its string form
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
