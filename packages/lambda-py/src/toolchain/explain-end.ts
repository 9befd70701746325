import { OUTPUT_LIMIT } from '../workspace/process';
import type { ProcessResult } from '../workspace/process';

/**
 * Says why a tool ended, where it did not end by itself: its own output does not tell.
 *
 * @param tool - its name
 * @param end - how it ended
 * @param timeout - what it was given: in s, and the option that says so
 */
export function explainEnd(
  tool: string,
  end: EndOfTool,
  timeout?: { readonly seconds: number; readonly option: string },
): void {
  const reason = reasonOfEnd(end, timeout);
  if (reason !== undefined) process.stderr.write(`${tool} ${reason}\n`);
}

/**
 * Tells why a tool ended, where it did not end by itself.
 *
 * @param end - how it ended
 * @param timeout - what it was given: in s, and the option that says so
 * @returns what follows the tool's name; `undefined` where it ended by itself
 */
export function reasonOfEnd(
  { signal, timedOut, printedTooMuch }: EndOfTool,
  timeout?: { readonly seconds: number; readonly option: string },
): string | undefined {
  if (printedTooMuch) {
    return `was stopped: it printed more than ${OUTPUT_LIMIT / 1024 ** 2} MB`;
  }
  if (timedOut) {
    return `was stopped after ${timeout?.seconds ?? '?'} s; the option "${timeout?.option ?? 'timeout'}" sets the limit`;
  }
  return signal === undefined
    ? undefined
    : `was ended by ${signal}${SIGNALS[signal] ?? ''}`;
}

/** How a tool ended, as far as its exit status does not tell. */
export type EndOfTool = Pick<
  ProcessResult,
  'signal' | 'timedOut' | 'printedTooMuch'
>;

const SIGNALS: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: ': by the system where memory ran out, or by somebody',
  SIGSEGV: ': native code crashed',
  SIGABRT: ': native code gave up',
  SIGBUS: ': native code crashed, or the disk is full',
  SIGILL: ': native code for another CPU',
  SIGFPE: ': native code crashed',
};
