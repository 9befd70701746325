import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { makeCacheFolder } from '../workspace/cache-folder';

/**
 * Does what only one of the tasks that run at the same time may do; the others wait.
 *
 * A task that was killed holds the others up for some seconds, and not longer: the lock is renewed while its holder lives.
 *
 * @param workspaceRoot - absolute path
 * @param name - of the lock, and of a folder in the workspace's cache
 * @param work - is given the folder
 * @returns what the work returns
 * @throws what the work throws, and that the lock is not to be had
 */
export async function oneAtATime<Result>(
  workspaceRoot: string,
  name: string,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = makeCacheFolder(workspaceRoot, name);
  const release = await lock(folder, {
    lockfilePath: join(folder, 'lock'),
    stale: 10_000,
    update: 2_000,
    // Ten minutes: a first deployment of a large stack.
    retries: { retries: 1_200, factor: 1, minTimeout: 500, randomize: true },
    // The work goes on: another one at the same time fails of itself.
    onCompromised: () => undefined,
  });
  try {
    return await work(folder);
  } finally {
    await release().catch(() => undefined);
  }
}
