import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import { crc32 } from 'node:zlib';

// Process ids mean something on their own machine only, and containers may share a folder.
const MACHINE = crc32(hostname()).toString(16);
const MARK = /^(?<machine>[0-9a-f]+)-(?<owner>\d+)$/;

/** Marks a temporary file or folder as this process's. */
export const OWN_MARK = `${MACHINE}-${process.pid}`;

/** No pack takes so long. A machine may have another name by then, and another process the number of the one that was killed. */
const LONGEST_USE_MS = 24 * 3_600_000;

/**
 * Tells whether what is marked was left by a process that was killed.
 *
 * @param mark - an {@link OWN_MARK} of any process
 * @param path - what is marked: an absolute path
 * @returns true where that process was of this machine and runs no more, or the path has not changed for a day
 */
export function isAbandoned(mark: string, path: string): boolean {
  const groups = MARK.exec(mark)?.groups;
  if (groups === undefined) return false;
  const isOwners =
    groups['machine'] === MACHINE && !isRunning(Number(groups['owner']));
  return isOwners || isOld(path);
}

function isOld(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > LONGEST_USE_MS;
}

function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
