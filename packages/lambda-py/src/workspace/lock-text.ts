import { readWorkspaceFile } from './text-file';

/** The lock file's path, relative to the workspace root. */
export const LOCK_FILE = 'uv.lock';

/**
 * Reads the text of the workspace's uv.lock, without parsing it.
 *
 * @param workspaceRoot - absolute path
 * @returns its content; `undefined` where there is none yet
 * @throws a LambdaPyError when it cannot be read
 */
export function readLockText(workspaceRoot: string): string | undefined {
  return readWorkspaceFile(workspaceRoot, LOCK_FILE);
}
