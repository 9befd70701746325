import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const WINDOW_MS = 400;
const LONGEST_WAIT_MS = 120_000;
const IDLE_SHARE = 0.85;

/**
 * Waits until the machine has little else to do, for two minutes at most.
 *
 * @returns {Promise<boolean>} whether it has become quiet
 */
export async function waitForQuiet() {
  const end = Date.now() + LONGEST_WAIT_MS;
  while (Date.now() < end) {
    const before = times();
    await sleep(WINDOW_MS);
    const after = times();
    const idle = (after.idle - before.idle) / (after.total - before.total);
    if (idle >= IDLE_SHARE) return true;
  }
  return false;
}

function times() {
  let idle = 0;
  let total = 0;
  for (const { times: spent } of cpus()) {
    idle += spent.idle;
    total += Object.values(spent).reduce((sum, time) => sum + time, 0);
  }
  return { idle, total };
}
