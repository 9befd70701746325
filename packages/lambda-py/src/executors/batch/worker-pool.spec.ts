import type { BatchedTask } from './batch-executor';
import type { ExecutorWorker } from './executor-worker-client';
import { workerPool } from './worker-pool';

/** Workers whose tasks end when the test says so. */
function fakeWorkers() {
  const asked: { worker: number; task: string; end: () => void }[] = [];
  const stopped: number[] = [];
  let count = 0;
  const start = (): ExecutorWorker => {
    count += 1;
    const worker = count;
    return {
      run: ({ options }) =>
        new Promise((resolve) => {
          const task = options as string;
          asked.push({
            worker,
            task,
            end: () => {
              resolve({ success: true, output: task });
            },
          });
        }),
      stop: () => stopped.push(worker),
    };
  };
  return { asked, stopped, start };
}

function taskOf(name: string): BatchedTask<unknown> {
  return { options: name } as unknown as BatchedTask<unknown>;
}

/** Lets everything happen that waits for nothing else. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

describe('workerPool', () => {
  it('runs the first task before all others', async () => {
    const { asked, start } = fakeWorkers();
    const pool = workerPool(2, start);
    const ends = ['a', 'b', 'c'].map((name) => pool.run(taskOf(name)));
    await settle();
    expect(asked.map(({ task }) => task)).toEqual(['a']);

    asked[0]?.end();
    await settle();
    expect(asked.map(({ task, worker }) => [task, worker])).toEqual([
      ['a', 1],
      ['b', 1],
      ['c', 2],
    ]);
    for (const { end } of asked) end();
    await expect(Promise.all(ends)).resolves.toEqual([
      { success: true, output: 'a' },
      { success: true, output: 'b' },
      { success: true, output: 'c' },
    ]);
  });

  it('starts no more workers than it may, and gives to the one that has least to do', async () => {
    const { asked, start } = fakeWorkers();
    const pool = workerPool(2, start);
    void pool.run(taskOf('first'));
    asked[0]?.end();
    await settle();
    for (const name of ['a', 'b', 'c', 'd', 'e']) void pool.run(taskOf(name));
    await settle();
    expect(asked.slice(1).map(({ worker }) => worker)).toEqual([1, 2, 1, 2, 1]);
  });

  it('takes a worker that has nothing to do before it starts another', async () => {
    const { asked, start } = fakeWorkers();
    const pool = workerPool(3, start);
    for (const name of ['a', 'b', 'c']) {
      void pool.run(taskOf(name));
      await settle();
      asked.at(-1)?.end();
      await settle();
    }
    expect(asked.map(({ worker }) => worker)).toEqual([1, 1, 1]);
  });

  it('goes on after a first task that failed', async () => {
    let asked = 0;
    const pool = workerPool(1, () => ({
      run: () => {
        asked += 1;
        return Promise.resolve({ success: asked > 1, output: String(asked) });
      },
      stop: () => undefined,
    }));
    await expect(pool.run(taskOf('a'))).resolves.toMatchObject({
      success: false,
    });
    await expect(pool.run(taskOf('b'))).resolves.toMatchObject({
      success: true,
    });
  });

  it('stops every worker', async () => {
    const { asked, start, stopped } = fakeWorkers();
    const pool = workerPool(2, start);
    void pool.run(taskOf('first'));
    asked[0]?.end();
    await settle();
    void pool.run(taskOf('a'));
    void pool.run(taskOf('b'));
    await settle();
    pool.stop();
    expect(stopped).toEqual([1, 2]);
  });
});
