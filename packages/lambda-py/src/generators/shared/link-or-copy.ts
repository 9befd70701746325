import { copyFileSync, statSync, symlinkSync } from 'node:fs';

/**
 * Puts a file or a folder into another place too, without the rights that Windows wants for symbolic links: there a
 * folder becomes a junction, which anybody may make, and a file a copy.
 *
 * @param from - absolute path, as a junction needs it
 * @param to - absolute path, at which there is nothing yet
 * @param platform - `process.platform`
 */
export function linkOrCopy(
  from: string,
  to: string,
  platform: NodeJS.Platform = process.platform,
): void {
  if (platform !== 'win32') {
    symlinkSync(from, to);
    return;
  }
  // A link that leads nowhere has nothing to copy.
  const found = statSync(from, { throwIfNoEntry: false });
  if (found?.isDirectory() === true) symlinkSync(from, to, 'junction');
  else if (found?.isFile() === true) copyFileSync(from, to);
}
