import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it that are missing.
 *
 * On a read-only file system, Node's own `recursive` says ENOENT, as if something were missing: here the error is the one
 * of the first folder that could not be made.
 *
 * @param path - absolute path
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const parent = dirname(path);
    if (!existsSync(parent)) makeFolder(parent);
    mkdirSync(path);
  }
}
