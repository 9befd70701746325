import { setTimeout as sleep } from 'node:timers/promises';
import { divideUntilDone } from './divide';

describe('divideUntilDone', () => {
  it('leaves out the items that have no result on their own, in few tries', async () => {
    const tries: number[][] = [];
    const items = Array.from({ length: 16 }, (_, index) => index);
    const results = await divideUntilDone(items, 1000, (some) => {
      tries.push([...some]);
      return Promise.resolve(
        some.includes(5)
          ? undefined
          : new Map(some.map((item) => [item, item * 2])),
      );
    });
    expect([...results.keys()]).toEqual(items.filter((item) => item !== 5));
    expect(results.get(7)).toBe(14);
    expect(tries).toHaveLength(9);
  });

  it('halves the time of a try with its items', async () => {
    const tries: number[] = [];
    await divideUntilDone([1, 2, 3, 4], 1000, (some, limitMs) => {
      tries.push(limitMs);
      return Promise.resolve(some.includes(4) ? undefined : new Map());
    });
    expect(tries).toEqual([1000, 500, 500, 250, 250]);
  });

  it.each([
    ['one item hangs', [5]],
    ['many hang', [1, 3, 5, 7, 9, 11, 13, 15]],
  ])('takes little more than twice the limit where %s', async (_, hanging) => {
    const items = Array.from({ length: 16 }, (_one, index) => index);
    const start = performance.now();
    const results = await divideUntilDone(items, 200, async (some, limitMs) => {
      if (!some.some((item) => hanging.includes(item))) {
        return new Map(some.map((item) => [item, item]));
      }
      await sleep(limitMs);
      return undefined;
    });
    expect(performance.now() - start).toBeLessThan(700);
    expect(results.has(5)).toBe(false);
    if (hanging.length === 1) expect(results.size).toBe(15);
  });

  it('tries nothing where there is nothing', async () => {
    const work = jest.fn();
    expect(await divideUntilDone([], 1000, work)).toEqual(new Map());
    expect(work).not.toHaveBeenCalled();
  });
});
