import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDiskError } from './disk-error';

/** A use is noted once an hour at most, so that reading the cache hardly writes to it. */
export const USE_RESOLUTION_MS = 3_600_000;

// Files that parallel runs have just written or used are never removed.
const SHORTEST_LIFE_MS = 2 * USE_RESOLUTION_MS;

/** Each edit of a module leaves a small file: thousands would come together before they are many bytes. */
const LONGEST_LIFE_MS = 30 * 24 * USE_RESOLUTION_MS;

/**
 * Removes from a folder of the cache what nobody has used for thirty days and, of the rest, what was used least recently,
 * down to a limit.
 *
 * It does so once an hour at most: to look at all files takes time, and nothing younger than two hours is removed.
 *
 * @param folder - absolute path
 * @param limitBytes - the most bytes that stay; what is younger than two hours stays in any case
 */
export function cleanNowAndThen(folder: string, limitBytes: number): void {
  try {
    clean(folder, limitBytes, Date.now());
  } catch (error) {
    // Nobody's to clean, or somebody reads what would go: another time.
    if (!isDiskError(error)) throw error;
  }
}

function clean(folder: string, limitBytes: number, now: number): void {
  // Beside the folder; its date says when it was last cleaned.
  const mark = `${folder}.cleaned`;
  const cleaned = statSync(mark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // A clock that was set back must not put it off for long.
  if (Math.abs(now - cleaned) < USE_RESOLUTION_MS) return;
  // First of all, so that parallel runs need not do it too.
  writeFileSync(mark, '');
  const files = readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, stat: statSync(path, { throwIfNoEntry: false }) }))
    .flatMap(({ path, stat }) => (stat === undefined ? [] : [{ path, stat }]))
    .sort((one, other) => one.stat.mtimeMs - other.stat.mtimeMs);
  let excess =
    files.reduce((total, { stat }) => total + stat.size, 0) - limitBytes;
  for (const { path, stat } of files) {
    const unusedMs = now - stat.mtimeMs;
    if (unusedMs < SHORTEST_LIFE_MS) return;
    if (excess <= 0 && unusedMs < LONGEST_LIFE_MS) return;
    rmSync(path, { force: true });
    excess -= stat.size;
  }
}
