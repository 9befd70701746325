import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes a folder with all that is in it, also where its folders are read-only.
 *
 * @param path - absolute path; one that does not exist is fine
 */
export function removeFolder(path: string): void {
  if (!existsSync(path)) return;
  // Only the owner of a writable folder may remove what is in it.
  makeWritable(path);
  rmSync(path, { recursive: true, force: true });
}

function makeWritable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) makeWritable(join(folder, entry.name));
  }
}
