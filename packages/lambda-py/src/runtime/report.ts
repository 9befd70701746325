/** The figures of an invocation. */
export interface InvocationFigures {
  readonly requestId: string;
  /** From spawning the interpreter to its first poll, in ms. Missing where the initialisation failed or was repeated. */
  readonly initDurationMs?: number;
  /** From handing the event over to the answer, in ms; after a failed initialisation the time that took. */
  readonly durationMs: number;
  /** In whole ms, as Lambda would bill. */
  readonly billedDurationMs: number;
  /** What the function was given, in MB (2^20 bytes). */
  readonly memoryMb: number;
  /** The largest resident memory of its process, in MB (2^20 bytes). */
  readonly maxMemoryUsedMb: number;
}

/** How Lambda names the end of an execution environment that did not end well. */
export type SandboxStatus = 'timeout' | { readonly errorType: string };

/**
 * What Lambda bills: since 1 August 2025 the init phase too, and the sum is rounded up to a whole ms.
 *
 * https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
 *
 * @param durationMs - see {@link InvocationFigures}
 * @param initDurationMs - see {@link InvocationFigures}
 * @returns whole ms
 */
export function billedDuration(durationMs: number, initDurationMs = 0): number {
  return Math.ceil(durationMs + initDurationMs);
}

/**
 * Renders the line that Lambda ends an invocation's log with.
 *
 * @param figures - the figures
 * @param status - left out when the function answered
 * @returns the line, its fields separated by tabs as Lambda does
 */
export function formatReport(
  figures: InvocationFigures,
  status?: SandboxStatus,
): string {
  const {
    requestId,
    initDurationMs,
    durationMs,
    billedDurationMs,
    memoryMb,
    maxMemoryUsedMb,
  } = figures;
  return [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billedDurationMs} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${maxMemoryUsedMb} MB`,
    ...(initDurationMs === undefined
      ? []
      : [`Init Duration: ${initDurationMs.toFixed(2)} ms`]),
    ...(status === undefined
      ? []
      : status === 'timeout'
        ? ['Status: timeout']
        : ['Status: error', `Error Type: ${status.errorType}`]),
  ].join('\t');
}
