import { runProcess } from '../workspace/process';
import type { ProcessOptions, ProcessResult } from '../workspace/process';

/**
 * Runs a tool and passes its output on to the terminal as it comes.
 *
 * Colours are off, since a cached output is shown anywhere; Nx sets FORCE_COLOR, which would beat NO_COLOR in Node.
 *
 * @param command - the executable
 * @param args - its arguments
 * @param options - where and how to run it
 * @returns how it ended
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ProcessResult> {
  const { FORCE_COLOR: _, ...env } = options.env ?? process.env;
  return runProcess(command, args, {
    ...options,
    env: { ...env, NO_COLOR: '1' },
    onOutput: (text, stream) => process[stream].write(text),
  });
}
