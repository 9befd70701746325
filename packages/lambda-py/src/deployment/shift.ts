import { LambdaPyError } from '../workspace/errors';

/** How an alias goes over to a new version. */
export interface Shift {
  /** The new version's share after each step, in percent, ascending; the last one is 100. */
  readonly percents: readonly number[];
  /** How long each share but the last is watched. */
  readonly intervalSeconds: number;
}

const FORM =
  /^(?:Canary(?<canary>\d+)Percent|Linear(?<linear>\d+)PercentEvery)(?<count>\d+)(?<unit>Second|Minute)s?$/;

/**
 * Reads the name of a shift, as CodeDeploy and SAM name theirs
 * (https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html): any number is allowed, and
 * seconds too.
 *
 * @param name - `AllAtOnce`, `Canary10Percent5Minutes`, `Linear10PercentEvery1Minute`
 * @returns the steps
 * @throws {@link LambdaPyError} when it is none of these
 */
export function parseShift(name: string): Shift {
  if (name === 'AllAtOnce') return { percents: [100], intervalSeconds: 0 };
  const { canary, linear, count, unit } = FORM.exec(name)?.groups ?? {};
  const percent = Number(canary ?? linear);
  if (!(percent > 0 && percent < 100)) {
    throw new LambdaPyError({
      location: '--shift',
      problem: 'the shift is none that is known',
      found: name,
      expected:
        'AllAtOnce, Canary10Percent5Minutes or Linear10PercentEvery1Minute, with any whole numbers, percents from 1 to 99',
      mend: 'pass another --shift, or edit the configuration of the target in nx.json',
    });
  }
  const steps = canary === undefined ? Math.ceil(100 / percent) - 1 : 1;
  return {
    percents: [
      ...Array.from({ length: steps }, (_, step) => percent * (step + 1)),
      100,
    ],
    intervalSeconds: Number(count) * (unit === 'Minute' ? 60 : 1),
  };
}

/**
 * What is left of a shift that was interrupted.
 *
 * @param shift - the whole shift
 * @param weight - the share that the new version has already, from 0 to 1
 * @returns the shift without the steps that give no more than that share
 */
export function restOfShift(shift: Shift, weight: number): Shift {
  // The share that it has was not watched to the end: that step is made once more.
  return {
    ...shift,
    percents: shift.percents.filter((percent) => percent >= weight * 100),
  };
}
