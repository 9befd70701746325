import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace's virtual environment, relative to its root. */
export const ENVIRONMENT_FOLDER = '.venv';

/**
 * Looks for an executable of the workspace's virtual environment.
 *
 * @param workspaceRoot - absolute path
 * @param tool - its name, for instance `ruff`
 * @param platform - `process.platform`
 * @returns its absolute path; `undefined` where there is none, or no environment yet
 */
export function findEnvironmentExecutable(
  workspaceRoot: string,
  tool: string,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  const path = environmentExecutable(workspaceRoot, tool, platform);
  return existsSync(path) ? path : undefined;
}

/**
 * Where an executable of the workspace's virtual environment stands, if it is there.
 *
 * @param workspaceRoot - absolute path
 * @param tool - its name, for instance `python`
 * @param platform - `process.platform`
 * @returns its absolute path
 */
export function environmentExecutable(
  workspaceRoot: string,
  tool: string,
  platform: NodeJS.Platform = process.platform,
): string {
  const isWindows = platform === 'win32';
  return join(
    workspaceRoot,
    ENVIRONMENT_FOLDER,
    isWindows ? 'Scripts' : 'bin',
    isWindows ? `${tool}.exe` : tool,
  );
}
