import { realpathSync, statSync } from 'node:fs';

/**
 * Tells an executable from what an update, or another environment, puts in its place.
 *
 * @param executable - its path
 * @returns a text that differs then; `undefined` where there is no such file
 */
export function executableStamp(executable: string): string | undefined {
  try {
    const path = realpathSync(executable);
    const { size, mtimeMs, ino } = statSync(path);
    return JSON.stringify([path, size, mtimeMs, ino]);
  } catch {
    return undefined;
  }
}
