import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The lock file's path, relative to the workspace root. */
export const LOCK_FILE = 'uv.lock';

/**
 * Reads the text of the workspace's uv.lock, without parsing it.
 *
 * @param workspaceRoot - absolute path
 * @returns its content; `undefined` where there is none yet
 */
export function readLockText(workspaceRoot: string): string | undefined {
  try {
    return readFileSync(join(workspaceRoot, LOCK_FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
