import { ahead } from './ahead';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('ahead', () => {
  it('gives the results in order, and starts no more than it may', async () => {
    let started = 0;
    let taken = 0;
    const results: number[] = [];
    const work = async (item: number): Promise<number> => {
      started += 1;
      expect(started - taken).toBeLessThanOrEqual(3);
      await Promise.resolve();
      return item * 2;
    };
    for await (const result of ahead([1, 2, 3, 4, 5], work, 2)) {
      results.push(result);
      expect(started).toBeGreaterThan(taken);
      taken += 1;
    }
    expect(results).toEqual([2, 4, 6, 8, 10]);
  });

  it('works on nothing, and on less than it may', async () => {
    const same = (item: number) => Promise.resolve(item);
    expect(await all(ahead([], same, 2))).toEqual([]);
    expect(await all(ahead([1], same, 2))).toEqual([1]);
  });

  it('fails with the first error, and leaves no other unhandled', async () => {
    const fail = (item: number) => Promise.reject(new Error(String(item)));
    await expect(all(ahead([1, 2, 3], fail, 2))).rejects.toThrow('1');
  });
});
