import { LambdaPyError } from '../workspace/errors';
import { OUTPUT_LIMIT } from '../workspace/process';
import type { ProcessResult } from '../workspace/process';
import { runUv } from '../workspace/uv';

/**
 * Runs uv for an artifact. A build backend is anybody's code, and may never come to its end: what it started ends with it.
 *
 * @param workspaceRoot - absolute path
 * @param timeout - after how many seconds it is stopped; never when left out
 * @param args - uv's arguments
 * @returns how uv ended; the caller judges the exit status
 * @throws {@link LambdaPyError} when it had to be stopped
 */
export async function runTimedUv(
  workspaceRoot: string,
  timeout: number | undefined,
  args: readonly string[],
): Promise<ProcessResult> {
  const result = await runUv(workspaceRoot, args, {
    isGroup: true,
    outputLimit: OUTPUT_LIMIT,
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
  });
  if (!result.timedOut && !result.printedTooMuch) return result;
  throw new LambdaPyError({
    problem: result.timedOut
      ? `"uv ${args[0] ?? ''}" was stopped after ${timeout ?? '?'} s`
      : `"uv ${args[0] ?? ''}" was stopped: it printed more than ${OUTPUT_LIMIT / 1024 ** 2} MB`,
    found: `uv ${args.join(' ')}`,
    mend: 'see that this command ends; the option "timeout" of the target pack sets the limit',
  });
}
