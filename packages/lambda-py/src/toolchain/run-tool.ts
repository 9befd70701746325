import { sep } from 'node:path';
import { runProcess } from '../workspace/process';
import type { ProcessOptions, ProcessResult } from '../workspace/process';

/** Where and how a tool is run. */
export interface ToolOptions extends ProcessOptions {
  /** Absolute path; it does not appear in what the tool prints. */
  readonly workspaceRoot: string;
}

/**
 * Runs a tool and passes its output on to the terminal as it comes.
 *
 * Nx keeps the output in its cache and shows it on other machines: colours are off (Nx sets FORCE_COLOR, which would beat
 * NO_COLOR in Node), and paths are relative to the workspace. What a test finds must not hang on the machine either, so
 * the time zone is Lambda's, `:UTC`
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
 *
 * @param command - the executable
 * @param args - its arguments
 * @param options - where and how to run it
 * @returns how it ended
 */
export function runTool(
  command: string,
  args: readonly string[],
  { workspaceRoot, ...options }: ToolOptions,
): Promise<ProcessResult> {
  const { FORCE_COLOR: _, ...env } = options.env ?? process.env;
  return runProcess(command, args, {
    ...options,
    env: { ...env, NO_COLOR: '1', TZ: ':UTC' },
    onOutput: (text, stream) =>
      process[stream].write(text.replaceAll(`${workspaceRoot}${sep}`, '')),
  });
}
