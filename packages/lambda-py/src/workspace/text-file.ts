import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LambdaPyError } from './errors';

/**
 * Reads a text file that need not be there.
 *
 * @param path - absolute path
 * @returns its content, or `undefined`
 */
export function readTextIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Why a file cannot be read, and what mends it; a folder's own error does not even name it. */
const UNREADABLE: Readonly<Record<string, { problem: string; mend: string }>> =
  {
    EACCES: {
      problem: 'the file cannot be read: permission denied',
      mend: 'make it readable for this user',
    },
    EISDIR: {
      problem: 'a folder is in the place of the file',
      mend: 'remove the folder',
    },
  };

/**
 * Reads a text file of the workspace that need not be there, but has to be a file that can be read.
 *
 * @param workspaceRoot - absolute path
 * @param file - its path relative to that
 * @returns its content, or `undefined`
 * @throws {@link LambdaPyError} when it is a folder, or this user may not read it
 */
export function readWorkspaceFile(
  workspaceRoot: string,
  file: string,
): string | undefined {
  try {
    return readTextIfPresent(join(workspaceRoot, file));
  } catch (error) {
    const known = UNREADABLE[(error as NodeJS.ErrnoException).code ?? ''];
    if (known === undefined) throw error;
    throw new LambdaPyError({ file, ...known }, { cause: error });
  }
}
