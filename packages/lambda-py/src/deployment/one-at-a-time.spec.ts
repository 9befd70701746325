import { mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { oneAtATime } from './one-at-a-time';

const makeFolder = useTemporaryFolders();

describe('oneAtATime', () => {
  it('lets one in, then the next, be the work done or failed', async () => {
    const { path } = makeFolder();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await delay(50);
      inside -= 1;
      throw new Error('failed');
    };
    const all = await Promise.allSettled(
      Array.from({ length: 3 }, () => oneAtATime(path, 'shared', work)),
    );

    expect(all.map(({ status }) => status)).toEqual(Array(3).fill('rejected'));
    expect(most).toBe(1);
  });

  it('waits for nobody who was killed', async () => {
    const { path } = makeFolder();
    // What is left of a process that has not renewed its lock for a minute.
    const lock = join(path, '.nx/lambda-py/shared/lock');
    mkdirSync(lock, { recursive: true });
    const then = Date.now() / 1000 - 60;
    utimesSync(lock, then, then);

    expect(await oneAtATime(path, 'shared', () => Promise.resolve(1))).toBe(1);
  });
});
