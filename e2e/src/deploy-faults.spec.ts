import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { clientSettings } from '../../packages/lambda-py/src/deployment/aws-settings';
import type { DeploymentRecord } from '../../packages/lambda-py/src/deployment/deployment-record';
import {
  ensureEmulator,
  stopEmulator,
} from '../../packages/lambda-py/src/deployment/emulator';
import {
  brokenCode,
  connectToEmulator,
  DeployedFunction,
  goodCode,
} from './support/deployed-function';
import type { EmulatorClients } from './support/deployed-function';
import type { DeploymentJob } from './support/deployment-job';
import { DeploymentWorker, killDuring } from './support/deployment-worker';
import { FaultProxy } from './support/fault-proxy';
import type { Decision, Fault } from './support/fault-proxy';

type Action = DeploymentJob['action'];

/** Every request of a release of code, and of a rollback: the steps at which something can go wrong. */
const STEPS: Readonly<Record<Action, readonly string[]>> = {
  deploy: [
    ...['GetCallerIdentity', 'DescribeStacks', 'GetFunctionConfiguration'],
    ...['GetAlias', 'GetFunctionConfiguration', 'DescribeAlarms'],
    ...['UpdateFunctionCode', 'GetFunctionConfiguration', 'PublishVersion'],
    ...['GetFunctionConfiguration', 'Invoke', 'UpdateAlias', 'DescribeAlarms'],
    ...['UpdateAlias', 'DescribeAlarms', 'Invoke'],
  ],
  rollback: [
    ...['GetCallerIdentity', 'DescribeStacks', 'GetFunctionConfiguration'],
    ...['GetAlias', 'ListVersionsByFunction', 'GetFunctionConfiguration'],
    'UpdateAlias',
  ],
};
/** How many cases run at the same time. */
const LANES = 6;
const FIRST = { code: 'first' };
const SECOND = { code: 'second' };
/** What the alias ends with. */
const END = {
  deploy: { versions: ['2'], answer: SECOND },
  rollback: { versions: ['1'], answer: FIRST },
};

/** Those that do something: elsewhere, an answer that gets lost is as good as a request that does. */
const DOING = /^(?:Update|Publish|Invoke)/;

/** Faults that are over when the request is made again. */
const PASSING: readonly Fault[] = ['throttle', 'error 500', 'drop', 'hang'];
/** The same, once AWS has done what it was asked for. */
const LOST: readonly Fault[] = ['error 500 after', 'drop after', 'hang after'];
/** How long a request may take that is never answered; a function's first start is quicker. */
const IMPATIENT = { requestTimeoutMs: 4_000 };

describe('a deployment of code to an emulator, behind a proxy that fails', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-faults-')));
  const cases = new Set<string>();
  let emulator: string;
  let clients: EmulatorClients;
  let worker: DeploymentWorker;

  beforeAll(async () => {
    emulator = await ensureEmulator(root, () => undefined);
    clients = connectToEmulator(emulator);
    worker = new DeploymentWorker();
    await setAlarm('OK');
  });

  afterAll(async () => {
    await worker.stop();
    clients.lambda.destroy();
    clients.cloudFormation.destroy();
    await stopEmulator(root);
    rmSync(root, { recursive: true, force: true });
  });

  /** What a case works on: a function of its own, behind a proxy of its own. */
  interface Bench {
    readonly lambda: DeployedFunction;
    readonly proxy: FaultProxy;
    readonly run: (
      changes?: Partial<DeploymentJob>,
    ) => Promise<DeploymentRecord>;
    readonly job: DeploymentJob;
  }

  /** Runs a case, whose name counts it. */
  async function inCase(
    name: string,
    action: Action,
    work: (bench: Bench) => Promise<void>,
  ): Promise<void> {
    const id = `f${cases.size}`;
    expect(cases).not.toContain(name);
    cases.add(name);
    const lambda = await DeployedFunction.create(clients, root, id);
    if (action === 'rollback') await lambda.release();
    const proxy = await FaultProxy.start(emulator);
    const job = lambda.job(action, proxy.endpoint);
    try {
      await work({
        lambda,
        proxy,
        job,
        run: (changes = {}) => worker.run({ ...job, ...changes }),
      });
    } catch (error) {
      throw new Error(`${name}: ${String(error)}`, { cause: error });
    } finally {
      await proxy.stop();
      await lambda.remove();
    }
  }

  /** Runs a case for every step, some at the same time. */
  async function forEveryStep(
    action: Action,
    name: string,
    work: (bench: Bench, step: number) => Promise<void>,
    isStep: (operation: string) => boolean = () => true,
  ): Promise<void> {
    const steps = STEPS[action].entries();
    // Most of the time of a case is waiting.
    const lane = async (): Promise<void> => {
      for (const [step, operation] of steps) {
        if (!isStep(operation)) continue;
        await inCase(
          `${action}: ${name} at ${step}, ${operation}`,
          action,
          (bench) => work(bench, step),
        );
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  /** The alias is whole, and where a run without faults would have brought it. */
  async function expectEnd({ lambda, job }: Bench): Promise<void> {
    const { versions, answer } = END[job.action];
    expect(await lambda.alias()).toEqual({ versions });
    expect(await lambda.call()).toEqual([answer, answer]);
  }

  /** Whatever version an invocation of the alias gets works. */
  async function expectWorking({ lambda }: Bench): Promise<void> {
    for (const answer of await lambda.call()) {
      expect([FIRST, SECOND]).toContainEqual(answer);
    }
  }

  /** The next run, with everything in order again, ends as one does that nothing has disturbed. */
  async function expectNextRun(bench: Bench): Promise<void> {
    bench.proxy.decide = () => undefined;
    const { versions } = await bench.lambda.alias();
    // A rollback that is done is not to be made again: it would go to the version before.
    if (bench.job.action === 'deploy' || versions[0] !== '1') await bench.run();
    await expectEnd(bench);
  }

  async function setAlarm(state: 'OK' | 'ALARM'): Promise<void> {
    const client = new CloudWatchClient(
      clientSettings({ region: 'us-east-1', endpoint: emulator }),
    );
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'errors',
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Statistic: 'Sum',
        Period: 86_400,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'ignore',
      }),
    );
    await client.send(
      new SetAlarmStateCommand({
        AlarmName: 'errors',
        StateValue: state,
        StateReason: 'the test says so',
      }),
    );
    client.destroy();
  }

  it.each<Action>(['deploy', 'rollback'])(
    'makes these requests where nothing goes wrong: %s',
    async (action) => {
      await inCase(`${action}: undisturbed`, action, async (bench) => {
        await bench.run();
        expect(bench.proxy.steps).toEqual(STEPS[action]);
        await expectEnd(bench);
      });
    },
  );

  describe.each<Action>(['deploy', 'rollback'])('%s', (action) => {
    it.each([...PASSING, ...LOST])(
      'succeeds after a passing fault: %s',
      (fault) =>
        forEveryStep(
          action,
          fault,
          async (bench, step) => {
            bench.proxy.decide = faultAt(step, fault);
            await bench.run(fault.startsWith('hang') ? IMPATIENT : {});
            expect(bench.proxy.faults).toBe(1);
            await expectEnd(bench);
          },
          (operation) => !LOST.includes(fault) || DOING.test(operation),
        ),
    );

    it('fails where credentials expire on the way, and the next run goes on', () =>
      forEveryStep(action, 'expired credentials', async (bench, step) => {
        bench.proxy.decide = (number) =>
          number >= step ? 'expired credentials' : undefined;
        await expect(bench.run()).rejects.toThrow(/ExpiredToken/);
        await expectWorking(bench);
        await expectNextRun(bench);
      }));

    it('can be killed by SIGKILL once a step is done, and the next run goes on', () =>
      forEveryStep(action, 'killed', async (bench, step) => {
        const isReached = new Promise<void>((resolve) => {
          bench.proxy.decide = (number) => {
            if (number !== step) return undefined;
            // AWS does it meanwhile.
            setTimeout(resolve, 30);
            return 'hang after';
          };
        });
        await killDuring(bench.job, isReached);
        await expectWorking(bench);
        await expectNextRun(bench);
      }));

    it('asks nothing more in another account', () =>
      inCase(`${action}: wrong account`, action, async (bench) => {
        const { versions } = await bench.lambda.alias();
        await expect(bench.run({ account: '999999999999' })).rejects.toThrow(
          'another account',
        );
        expect(bench.proxy.steps).toEqual(['GetCallerIdentity']);
        expect(await bench.lambda.alias()).toEqual({ versions });
        await expectWorking(bench);
        await expectNextRun(bench);
      }));
  });

  it.each<readonly [Action, number, 'alias' | 'code', Fault | undefined]>([
    ['deploy', 6, 'code', undefined],
    // Lambda refuses to publish by a stale revision; the emulator does not look.
    ['deploy', 8, 'code', 'stale revision'],
    ['deploy', 11, 'alias', undefined],
    ['deploy', 13, 'alias', undefined],
    ['rollback', 6, 'alias', undefined],
  ])(
    'stops where somebody else has changed something meanwhile: %s at %i, %s',
    async (action, step, what, fault) => {
      const name = `${action}: wrong RevisionId at ${step}`;
      await inCase(name, action, async (bench) => {
        let isOver = false;
        bench.proxy.decide = async (number) => {
          if (number !== step || isOver) return undefined;
          isOver = true;
          await bench.lambda.changeMeanwhile(what);
          return fault;
        };
        await expect(bench.run()).rejects.toThrow('somebody else');
        // What somebody else has done stays.
        expect(await bench.lambda.alias()).toEqual({ versions: ['1'] });
        await expectWorking(bench);
      });
    },
  );

  it.each([
    ['before it has traffic', brokenCode('always')],
    ['once it has all the traffic', brokenCode('on the alias')],
  ])('takes back a version that fails on the smoke event: %s', (when, code) =>
    inCase(`deploy: a smoke event fails ${when}`, 'deploy', async (bench) => {
      bench.lambda.pack(code);
      expect(await bench.run()).toMatchObject({
        status: 'rolled-back',
        version: '1',
        reason: expect.stringContaining('broken') as unknown,
      });
      expect(await bench.lambda.alias()).toEqual({ versions: ['1'] });
      await expectWorking(bench);
      // Mended code goes on from there.
      bench.lambda.pack(goodCode('second'));
      expect(await bench.run()).toMatchObject({ version: '3' });
      expect(await bench.lambda.call()).toEqual([SECOND, SECOND]);
    }),
  );

  it('takes a version back when an alarm goes off while it has some traffic', () =>
    inCase('deploy: an alarm goes off', 'deploy', async (bench) => {
      bench.proxy.decide = async (number) => {
        if (number === 12) await setAlarm('ALARM');
        return undefined;
      };
      expect(await bench.run()).toMatchObject({ status: 'rolled-back' });
      expect(await bench.lambda.alias()).toEqual({ versions: ['1'] });
      await expectWorking(bench);
      await setAlarm('OK');
      await expectNextRun(bench);
    }));

  it('was tried in every case', () => {
    const steps = [...STEPS.deploy, ...STEPS.rollback];
    const doing = steps.filter((operation) => DOING.test(operation));
    expect([steps.length, doing.length]).toEqual([23, 7]);
    // Passing faults, expired credentials and SIGKILL at every step, lost answers; then the cases of one step.
    expect(cases.size).toBe(23 * (4 + 1 + 1) + 7 * 3 + 2 + 2 + 5 + 2 + 1);
    expect(cases.size).toBe(171);
  });
});

/** One fault, at one request. */
function faultAt(step: number, fault: Fault): Decision {
  let isOver = false;
  return (number) => {
    if (number !== step || isOver) return undefined;
    isOver = true;
    return fault;
  };
}
