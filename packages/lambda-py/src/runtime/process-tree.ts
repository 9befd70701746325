import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A process that forks while it is hunted is found in the next round.
const ROUNDS = 5;

/**
 * Kills a process group, and every process that left it, at once: they are known by a variable in their environment.
 *
 * @param group - the group's id: that of its first process
 * @param mark - `NAME=value` that no other process has in its environment
 */
export function killProcessTree(group: number, mark: string): void {
  kill(-group);
  for (let round = 0; round < ROUNDS; round += 1) {
    const strays = findMarkedProcesses(mark);
    if (strays.length === 0) return;
    for (const stray of strays) kill(stray);
  }
}

/**
 * Finds processes by their environment. Only Linux tells it; elsewhere none is found.
 *
 * @param mark - `NAME=value`
 * @returns their ids
 */
export function findMarkedProcesses(mark: string): number[] {
  return listProcesses().filter((pid) => {
    try {
      return readFileSync(join('/proc', String(pid), 'environ'), 'latin1')
        .split('\0')
        .includes(mark);
    } catch {
      // It has ended, or it is another user's.
      return false;
    }
  });
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function kill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
