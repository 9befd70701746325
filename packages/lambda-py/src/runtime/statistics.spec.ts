import { formatStatistics, summarise, summaryOf } from './statistics';
import type { CountedInvocation } from './statistics';

function invocation(
  durationMs: number,
  rest: Partial<CountedInvocation> = {},
): CountedInvocation {
  return {
    requestId: 'r',
    durationMs,
    billedDurationMs: durationMs,
    memoryMb: 128,
    maxMemoryUsedMb: 40,
    isFirst: false,
    ...rest,
  };
}

describe('summaryOf', () => {
  it('takes the nearest rank', () => {
    const figures = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(summaryOf(figures)).toEqual({
      count: 100,
      minimum: 1,
      p50: 50,
      p90: 90,
      p99: 99,
      maximum: 100,
    });
    expect(summaryOf([7])).toEqual({
      count: 1,
      minimum: 7,
      p50: 7,
      p90: 7,
      p99: 7,
      maximum: 7,
    });
    expect(summaryOf([3, 1, 2])).toMatchObject({ p50: 2, p90: 3 });
    expect(summaryOf([])).toBeUndefined();
  });
});

describe('summarise', () => {
  const statistics = summarise([
    invocation(20, { isFirst: true, initDurationMs: 300, maxMemoryUsedMb: 41 }),
    invocation(2),
    invocation(4),
    invocation(9000, { error: { errorType: 'Sandbox.Timedout' } }),
    invocation(30, { isFirst: true, initDurationMs: 200 }),
    invocation(3),
  ]);

  it('tells cold from warm, and counts failures apart', () => {
    expect(statistics).toMatchObject({
      invocations: 6,
      environments: 2,
      failures: { 'Sandbox.Timedout': 1 },
      durationMs: { count: 5, maximum: 30 },
      initDurationMs: { count: 2, minimum: 200, maximum: 300 },
      firstDurationMs: { count: 2, minimum: 20 },
      warmDurationMs: { count: 3, p50: 3, maximum: 4 },
      maxMemoryUsedMb: 41,
    });
    expect(summarise([invocation(1, { isFirst: true })])).not.toHaveProperty(
      'warmDurationMs',
    );
  });

  it('is a table for people', () => {
    expect(formatStatistics(statistics)).toBe(
      [
        '6 invocations in 2 execution environments, 1 failed (Sandbox.Timedout: 1)',
        'Max Memory Used: 41 MB',
        'ms                count     min     p50     p90     p99     max',
        'Init Duration         2  200.00  200.00  300.00  300.00  300.00',
        'first invocation      2   20.00   20.00   30.00   30.00   30.00',
        'warm invocations      3    2.00    3.00    4.00    4.00    4.00',
      ].join('\n'),
    );
  });
});
