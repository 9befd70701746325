import { LambdaPyError } from '../workspace/errors';
import { OUTPUT_LIMIT } from '../workspace/process';
import type { ProcessResult } from '../workspace/process';
import { runUv } from '../workspace/uv';

/** What uv is run for, and for how long. */
export interface TimedWork {
  /** As it is called in an error. */
  readonly purpose: string;
  /** After how many seconds it is stopped; never when left out. */
  readonly timeout: number | undefined;
  /** What its environment has besides that of this process. */
  readonly variables?: Readonly<Record<string, string>>;
}

/**
 * Runs uv for an artifact. A build backend is anybody's code, and may never come to its end: what it started ends with it.
 *
 * @param workspaceRoot - absolute path
 * @param work - see {@link TimedWork}
 * @param args - uv's arguments
 * @returns how uv ended; the caller judges the exit status
 * @throws {@link LambdaPyError} when it had to be stopped
 */
export async function runTimedUv(
  workspaceRoot: string,
  { purpose, timeout, variables }: TimedWork,
  args: readonly string[],
): Promise<ProcessResult> {
  const result = await runUv(workspaceRoot, args, {
    isGroup: true,
    outputLimit: OUTPUT_LIMIT,
    ...(timeout === undefined ? {} : { timeoutMs: timeout * 1000 }),
    ...(variables === undefined
      ? {}
      : { env: { ...process.env, ...variables } }),
  });
  if (!result.timedOut && !result.printedTooMuch) return result;
  const command = args.filter((argument) => /^[a-z]+$/.test(argument));
  throw new LambdaPyError({
    problem: `"uv ${command.slice(0, args[0] === 'pip' ? 2 : 1).join(' ')}" was stopped ${
      result.timedOut
        ? `after ${timeout ?? '?'} s`
        : `since it printed more than ${OUTPUT_LIMIT / 1024 ** 2} MB`
    }, before it had ${purpose}`,
    mend: 'see what keeps it; the option "timeout" of the target pack sets the limit',
  });
}
