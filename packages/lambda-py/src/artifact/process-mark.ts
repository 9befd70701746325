import { hostname } from 'node:os';
import { crc32 } from 'node:zlib';

// Process ids mean something on their own machine only, and containers may share a folder.
const MACHINE = crc32(hostname()).toString(16);
const MARK = /^(?<machine>[0-9a-f]+)-(?<owner>\d+)$/;

/** Marks a temporary file or folder as this process's. */
export const OWN_MARK = `${MACHINE}-${process.pid}`;

/**
 * Tells whether what is marked was left by a process that was killed.
 *
 * @param mark - an {@link OWN_MARK} of any process
 * @returns true where that process was of this machine and runs no more
 */
export function isAbandoned(mark: string): boolean {
  const groups = MARK.exec(mark)?.groups;
  return groups?.['machine'] === MACHINE && !isRunning(Number(groups['owner']));
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
