import { divideIntoShares, workOnShares } from './shares';

const GIB = 1024 ** 3;
const LIMITS = { least: 40, most: 100, memory: GIB };
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('divideIntoShares', () => {
  it.each([
    // projects, parallel, cores, GiB of memory: sizes of the shares, at a time
    [0, 3, 4, 16, [], 1],
    [2, 3, 4, 16, [2], 1],
    [79, 3, 4, 16, [79], 1],
    [80, 3, 4, 16, [40, 40], 2],
    [200, 3, 2, 16, [100, 100], 2],
    [202, 3, 2, 16, [51, 51, 51, 49], 2],
    [202, 1, 2, 16, [68, 68, 66], 1],
    [202, 8, 8, 4, [51, 51, 51, 49], 2],
    [202, 8, 8, 1, [68, 68, 66], 1],
    [1000, 16, 16, 64, Array.from({ length: 15 }, () => 63).concat(55), 16],
  ])(
    '%d projects, %d in parallel, %d cores, %d GiB',
    (projects, parallel, cores, memory, sizes, atOnce) => {
      const machine = { cores, memory: memory * GIB };
      const divided = divideIntoShares(
        range(projects),
        parallel,
        LIMITS,
        machine,
      );
      expect(divided.shares.map(({ length }) => length)).toEqual(sizes);
      expect(divided.shares.flat()).toEqual(range(projects));
      expect(divided.atOnce).toBe(atOnce);
    },
  );
});

describe('workOnShares', () => {
  it('works on a few at a time, in order, whatever becomes of one', async () => {
    const events: string[] = [];
    const results = workOnShares([1, 2, 3, 4], 2, async (share) => {
      events.push(`start ${share}`);
      await new Promise((resolve) => setTimeout(resolve, share * 10));
      events.push(`end ${share}`);
      if (share === 1) throw new Error('crashed');
      return share;
    });
    expect(events).toEqual(['start 1', 'start 2']);
    expect(
      (await Promise.allSettled(results)).map(({ status }) => status),
    ).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect(events).toEqual([
      ...['start 1', 'start 2', 'end 1', 'start 3'],
      ...['end 2', 'start 4', 'end 3', 'end 4'],
    ]);
  });
});
