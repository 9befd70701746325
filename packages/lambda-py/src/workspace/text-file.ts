import { readFileSync } from 'node:fs';

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
