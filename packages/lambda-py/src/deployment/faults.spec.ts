import type { Fault } from './testing/fake-aws';
import { FakeFunction } from './testing/fake-function';
import { useReleaseBench } from './testing/release-bench';
import type { ReleaseBench, TestRelease } from './testing/release-bench';

const makeBench = useReleaseBench();

/** Every kind of step: an upload, a version, a test, two moves of the alias, alarms in between, a last test. */
const CANARY: TestRelease = {
  shift: 'Canary10Percent5Minutes',
  smokeEvent: '{}',
  alarms: ['errors'],
};
/** Faults that are over when the request is made again. */
const PASSING: readonly Fault[] = [
  'throttle',
  'error 500',
  'error 500 after',
  'drop',
  'drop after',
  'hang',
  'hang after',
];
/** Hanging requests take this long, each; no other one does, on a machine with other load. */
const IMPATIENT = { requestTimeoutMs: 1500 };

let cases = 0;

async function bench(): Promise<ReleaseBench> {
  const made = await makeBench();
  made.aws.alarms.set('errors', 'OK');
  return made;
}

/** How many requests an undisturbed release makes: the steps at which something can go wrong. */
async function stepsOf(options: TestRelease): Promise<readonly string[]> {
  const { aws, release } = await bench();
  await release(options);
  return aws.requests.map(({ operation }) => operation);
}

/** Runs a case for every step, all at once: most of the time of a fault is waiting. */
async function forEveryStep(
  options: TestRelease,
  check: (number: number, operation: string) => Promise<void>,
): Promise<void> {
  const steps = await stepsOf(options);
  expect(steps.length).toBeGreaterThan(8);
  await Promise.all(
    steps.map((operation, number) => {
      cases += 1;
      return check(number, operation);
    }),
  );
}

function expectSafe({ lambda }: ReleaseBench): void {
  expect(lambda.violations).toEqual([]);
  expect(lambda.alias?.version).toMatch(/^\d+$/);
}

describe('a release, whatever goes wrong', () => {
  it.each(PASSING)('succeeds after a passing fault: %s', async (fault) => {
    await forEveryStep(CANARY, async (step) => {
      const made = await bench();
      made.aws.fault = (_, number) => (number === step ? fault : undefined);

      expect(await made.release({ ...CANARY, ...IMPATIENT })).toMatchObject({
        status: 'released',
        version: '2',
      });
      expect(made.lambda.alias).toMatchObject({ version: '2', weights: {} });
      expect(made.lambda.versions.size).toBe(2);
      expect(made.lambda.uploads).toBe(1);
      expectSafe(made);
    });
  });

  it.each(PASSING)(
    'keeps unfit code from the traffic, with a fault besides: %s',
    async (fault) => {
      const unfit = { ...CANARY, code: 'broken' };
      const steps = await stepsOf({ ...CANARY });
      const first = steps.indexOf('Invoke');
      await Promise.all(
        steps.slice(0, first + 1).map(async (_, step) => {
          cases += 1;
          const made = await bench();
          made.aws.fault = (__, number) =>
            number === step ? fault : undefined;

          expect(await made.release({ ...unfit, ...IMPATIENT })).toMatchObject({
            status: 'rolled-back',
          });
          expect(made.lambda.alias).toMatchObject({
            version: '1',
            weights: {},
          });
          expectSafe(made);
        }),
      );
    },
  );

  it.each<Fault>(['throttle', 'error 500', 'drop', 'expired credentials'])(
    'fails where a fault does not pass, and the next run goes on: %s',
    async (fault) => {
      await forEveryStep(CANARY, async (step) => {
        const made = await bench();
        made.aws.fault = (_, number) => (number >= step ? fault : undefined);

        await expect(
          made.release({ ...CANARY, maxAttempts: 1 }),
        ).rejects.toThrow();
        expectSafe(made);
        await expectNextRun(made);
      });
    },
  );

  it.each(['before', 'after'])(
    'goes on where a run was killed at a step, %s it was done',
    async (when) => {
      await forEveryStep(CANARY, async (step) => {
        const made = await bench();
        const isReached = new Promise<void>((resolve) => {
          made.aws.fault = (_, number) => {
            if (number === step) resolve();
            if (number < step) return undefined;
            return when === 'before' ? 'hang' : 'hang after';
          };
        });
        // It gets no further, and cleans nothing up: for AWS, that is a process that was killed.
        void made
          .release({ ...CANARY, maxAttempts: 1, requestTimeoutMs: 60_000 })
          .catch(() => undefined);
        await isReached;
        await new Promise((resolve) => setImmediate(resolve));
        expectSafe(made);
        await expectNextRun(made);
      });
    },
  );

  it('never uploads for credentials that are refused', async () => {
    cases += 1;
    const made = await bench();
    made.aws.fault = () => 'expired credentials';

    await expect(made.release(CANARY)).rejects.toMatchObject({
      name: 'ExpiredTokenException',
    });
    expect(made.lambda.uploads).toBe(0);
  });

  it.each(['first', 'latest'])(
    'survives every fault in a first release, of an alias: %s',
    async (kind) => {
      const make = (): Promise<ReleaseBench> =>
        makeBench(
          kind === 'first'
            ? new FakeFunction('first')
            : new FakeFunction('first').withAlias('$LATEST'),
        );
      const options = { smokeEvent: '{}' };
      const probe = await make();
      await probe.release(options);
      const steps = probe.aws.requests.length;
      await Promise.all(
        PASSING.flatMap((fault) =>
          Array.from({ length: steps }, async (_, step) => {
            cases += 1;
            const made = await make();
            made.aws.fault = (__, number) =>
              number === step ? fault : undefined;
            await made.release({ ...options, ...IMPATIENT });

            expectSafe(made);
            expect(await made.release(options)).toMatchObject({
              status: 'unchanged',
            });
          }),
        ),
      );
    },
  );

  it('was tried in as many cases as there are steps and faults', () => {
    expect(cases).toBeGreaterThanOrEqual(300);
  });

  /** With everything in order again. */
  async function expectNextRun(made: ReleaseBench): Promise<void> {
    made.aws.fault = () => undefined;
    const { version } = await made.release(CANARY);

    expect(version).toBe('2');
    expect(made.lambda.alias).toMatchObject({ version: '2', weights: {} });
    expect(made.lambda.uploads).toBe(1);
    expectSafe(made);
  }
});
