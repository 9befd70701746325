/** A request that was answered. */
export interface Access {
  readonly time: Date;
  readonly method: string;
  /** Path and query, as the client sent them. */
  readonly target: string;
  readonly status: number;
  readonly bytes: number;
  readonly durationMs: number;
  /** The function's invocation; none where it was not invoked. */
  readonly requestId?: string;
}

/**
 * Writes a line about a request.
 *
 * @param access - the request
 * @param isJson - true for programs, false for people
 * @returns the line, without its end
 */
export function formatAccess(access: Access, isJson: boolean): string {
  const { time, method, target, status, bytes, durationMs, requestId } = access;
  if (isJson) {
    return JSON.stringify({
      time: time.toISOString(),
      method,
      target,
      status,
      bytes,
      durationMs: Number(durationMs.toFixed(1)),
      ...(requestId === undefined ? {} : { requestId }),
    });
  }
  return `${method} ${target} ${status} ${bytes} B ${durationMs.toFixed(1)} ms`;
}
