import { failureOf } from '../testing/errors';
import { parseShift, restOfShift } from './shift';

describe('parseShift', () => {
  it.each([
    ['AllAtOnce', [100], 0],
    ['Canary10Percent5Minutes', [10, 100], 300],
    ['Canary99Percent1Second', [99, 100], 1],
    ['Linear25PercentEvery1Minute', [25, 50, 75, 100], 60],
    ['Linear30PercentEvery90Seconds', [30, 60, 90, 100], 90],
  ])('reads %s', (name, percents, intervalSeconds) => {
    expect(parseShift(name)).toEqual({ percents, intervalSeconds });
  });

  it.each([
    'allatonce',
    'Canary0Percent5Minutes',
    'Canary100Percent5Minutes',
    'Canary10PercentEvery5Minutes',
    'Linear10Percent5Minutes',
    '',
  ])('refuses %j', (name) => {
    expect(failureOf(() => parseShift(name))).toContain(
      '--shift: the shift is none that is known',
    );
  });
});

describe('restOfShift', () => {
  it('makes the step once more that was not watched to its end', () => {
    const shift = parseShift('Linear20PercentEvery1Minute');

    expect(restOfShift(shift, 0.4).percents).toEqual([40, 60, 80, 100]);
    expect(restOfShift(shift, 0.5).percents).toEqual([60, 80, 100]);
    expect(restOfShift(shift, 1).percents).toEqual([100]);
  });
});
