import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The workspace's virtual environment, relative to its root. */
export const ENVIRONMENT_FOLDER = '.venv';

const isWindows = process.platform === 'win32';

/**
 * Looks for an executable of the workspace's virtual environment.
 *
 * @param workspaceRoot - absolute path
 * @param tool - its name, for instance `ruff`
 * @returns its absolute path; `undefined` where there is none, or no environment yet
 */
export function findEnvironmentExecutable(
  workspaceRoot: string,
  tool: string,
): string | undefined {
  const path = join(
    workspaceRoot,
    ENVIRONMENT_FOLDER,
    isWindows ? 'Scripts' : 'bin',
    isWindows ? `${tool}.exe` : tool,
  );
  return existsSync(path) ? path : undefined;
}
