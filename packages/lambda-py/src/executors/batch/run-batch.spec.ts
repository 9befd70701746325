import type { TaskGraph } from '@nx/devkit';
import { setTimeout as sleep } from 'node:timers/promises';
import { runBatch } from './run-batch';
import type { BatchTaskResult } from './run-batch';

function graph(
  dependencies: Readonly<Record<string, readonly string[]>>,
): TaskGraph {
  return {
    roots: [],
    tasks: Object.fromEntries(
      Object.keys(dependencies).map((id) => [id, { id }]),
    ),
    dependencies,
  } as unknown as TaskGraph;
}

async function run(
  dependencies: Readonly<Record<string, readonly string[]>>,
  parallel: number,
  durations: Readonly<Record<string, number>> = {},
  failing: readonly string[] = [],
) {
  let running = 0;
  let most = 0;
  const results: BatchTaskResult[] = [];
  const batch = runBatch(graph(dependencies), parallel, async (id) => {
    running += 1;
    most = Math.max(most, running);
    await sleep(durations[id] ?? 1);
    running -= 1;
    return { success: !failing.includes(id), output: `of ${id}` };
  });
  for await (const result of batch) results.push(result);
  return { most, results };
}

describe('runBatch', () => {
  it('tells of each task as it ends, with its own output', async () => {
    const { most, results } = await run({ a: [], b: [], c: [] }, 3, {
      a: 60,
      b: 5,
      c: 30,
    });
    expect(most).toBe(3);
    expect(results.map(({ task }) => task)).toEqual(['b', 'c', 'a']);
    expect(results[0]?.result).toMatchObject({
      success: true,
      terminalOutput: 'of b',
    });
    for (const { result } of results) {
      expect(result.endTime).toBeGreaterThanOrEqual(result.startTime);
    }
  });

  it('runs no more at a time than it may', async () => {
    const { most, results } = await run({ a: [], b: [], c: [], d: [] }, 2);
    expect(most).toBe(2);
    expect(results).toHaveLength(4);
  });

  it('skips what depends on a task that failed, and nothing else', async () => {
    const { results } = await run(
      { a: [], b: ['a'], c: ['b'], d: ['outside'], e: ['d'] },
      3,
      {},
      ['a'],
    );
    expect(
      Object.fromEntries(
        results.map(({ task, result }) => [
          task,
          result.status ?? result.success,
        ]),
      ),
    ).toEqual({ a: false, b: 'skipped', c: 'skipped', d: true, e: true });
  });

  it('does not wait for ever for tasks that wait for each other', async () => {
    await expect(run({ a: ['b'], b: ['a'] }, 3)).rejects.toThrow(
      'wait for each other: a, b',
    );
  });
});
