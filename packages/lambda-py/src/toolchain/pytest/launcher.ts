import type { PythonEnvironment } from '../environment';
import type { EndOfTool } from '../explain-end';
import { runTool } from '../run-tool';

/** A run of pytest. */
export interface PytestRun {
  /** pytest's arguments. */
  readonly args: readonly string[];
  /** Absolute path. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** After how many seconds it is stopped. */
  readonly timeout: number;
}

/** How a run of pytest ended. */
export interface PytestEnd extends EndOfTool {
  readonly exitCode: number;
}

/** Runs pytest and prints what it prints. */
export type PytestLauncher = (run: PytestRun) => Promise<PytestEnd>;

/**
 * Runs pytest in a process that is started for it.
 *
 * @param environment - holds pytest
 * @param workspaceRoot - absolute path
 * @returns what runs pytest
 */
export function spawnPytest(
  environment: PythonEnvironment,
  workspaceRoot: string,
): PytestLauncher {
  return ({ args, cwd, env, timeout }) =>
    runTool(environment.executable('python'), ['-m', 'pytest', ...args], {
      workspaceRoot,
      cwd,
      env,
      timeoutMs: timeout * 1000,
    });
}
