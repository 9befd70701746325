import { divideUntilDone } from './divide';

describe('divideUntilDone', () => {
  it('leaves out the items that have no result on their own, in few tries', async () => {
    const tries: number[][] = [];
    const items = Array.from({ length: 16 }, (_, index) => index);
    const results = await divideUntilDone(items, (some) => {
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

  it('tries nothing where there is nothing', async () => {
    const work = jest.fn();
    expect(await divideUntilDone([], work)).toEqual(new Map());
    expect(work).not.toHaveBeenCalled();
  });
});
