import type { ProcessResult } from '../workspace/process';
import { OUTPUT_LIMIT } from './run-tool';

/**
 * Says why a tool ended, where it did not end by itself: its own output does not tell.
 *
 * @param tool - its name
 * @param result - how it ended
 * @param timeout - what it was given: in s, and the option that says so
 */
export function explainEnd(
  tool: string,
  { signal, timedOut, printedTooMuch }: EndOfTool,
  timeout?: { readonly seconds: number; readonly option: string },
): void {
  const reason = printedTooMuch
    ? `was stopped: it printed more than ${OUTPUT_LIMIT / 1024 ** 2} MB`
    : timedOut
      ? `was stopped after ${timeout?.seconds ?? '?'} s; the option "${timeout?.option ?? 'timeout'}" sets the limit`
      : signal === undefined
        ? undefined
        : `was ended by ${signal}${SIGNALS[signal] ?? ''}`;
  if (reason !== undefined) process.stderr.write(`${tool} ${reason}\n`);
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
