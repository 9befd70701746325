import { runProcess } from '../workspace/process';
import type { ProcessOptions, ProcessResult } from '../workspace/process';

/**
 * Runs a tool and passes its output on to the terminal as it comes.
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
  return runProcess(command, args, {
    ...options,
    onOutput: (text, stream) => process[stream].write(text),
  });
}
