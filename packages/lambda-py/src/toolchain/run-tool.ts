import { sep } from 'node:path';
import { OUTPUT_LIMIT, runProcess } from '../workspace/process';
import type { ProcessOptions, ProcessResult } from '../workspace/process';

/** Where and how a tool is run. */
export interface ToolOptions extends ProcessOptions {
  /** Absolute path; it does not appear in what the tool prints. */
  readonly workspaceRoot: string;
}

export { OUTPUT_LIMIT };

/**
 * Runs a tool and passes its output on to the terminal as it comes.
 *
 * Nx keeps the output in its cache and shows it on other machines: colours are off (Nx sets FORCE_COLOR, which would beat
 * NO_COLOR in Node), and paths are relative to the workspace. What a test finds must not hang on the machine either, so
 * the time zone is Lambda's, `:UTC`
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html); the C library of Windows knows no colon before it
 * (https://learn.microsoft.com/cpp/c-runtime-library/reference/tzset).
 *
 * What the tool started ends with it.
 *
 * @param command - the executable
 * @param args - its arguments
 * @param options - where and how to run it
 * @returns how it ended
 */
export function runTool(
  command: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<ProcessResult> {
  return run(command, args, options, (text, stream) => {
    process[stream].write(withoutRoot(text, options.workspaceRoot));
  });
}

/**
 * Runs a tool as {@link runTool} does, and shows nothing of it.
 *
 * @param command - the executable
 * @param args - its arguments
 * @param options - where and how to run it
 * @returns how it ended, and what it printed, with the machine's paths
 */
export function runToolSilently(
  command: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<ProcessResult> {
  return run(command, args, options);
}

/**
 * The environment that every tool runs in; see {@link runTool}.
 *
 * @param env - the environment that a task has
 * @param platform - `process.platform`
 * @returns the whole environment
 */
export function toolEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...kept } = env;
  const timeZone = platform === 'win32' ? 'UTC' : ':UTC';
  return { ...kept, NO_COLOR: '1', TZ: timeZone };
}

/**
 * Makes the paths in a tool's output relative to the workspace.
 *
 * @param text - the output
 * @param workspaceRoot - absolute path
 * @returns the output without the workspace's path
 */
export function withoutRoot(text: string, workspaceRoot: string): string {
  return text.replaceAll(`${workspaceRoot}${sep}`, '');
}

function run(
  command: string,
  args: readonly string[],
  { workspaceRoot: _, ...options }: ToolOptions,
  onOutput?: ProcessOptions['onOutput'],
): Promise<ProcessResult> {
  return runProcess(command, args, {
    outputLimit: OUTPUT_LIMIT,
    isGroup: true,
    ...options,
    env: toolEnvironment(options.env),
    ...(onOutput === undefined ? {} : { onOutput }),
  });
}
