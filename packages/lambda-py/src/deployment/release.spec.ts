import { rejectionOf } from '../testing/errors';
import { FakeFunction } from './testing/fake-function';
import { useReleaseBench } from './testing/release-bench';

const makeBench = useReleaseBench();

const CANARY = { shift: 'Canary10Percent5Minutes' };

describe('a release of code', () => {
  it('uploads, publishes, and moves the alias with its history', async () => {
    const { aws, lambda, release } = await makeBench();

    expect(await release({ commit: '0123456789ab' })).toEqual({
      status: 'released',
      version: '2',
      previous: '1',
    });
    expect(lambda.alias).toMatchObject({
      version: '2',
      weights: {},
      description: 'lambda-py: 2 1; commit 0123456789ab; 2026-01-01T00:00:00Z',
    });
    expect(lambda.versions.get('2')?.description).toBe(
      'lambda-py: commit 0123456789ab',
    );
    const operations = aws.requests.map(({ operation }) => operation);
    expect(operations).not.toContain('Invoke');
    expect(operations).not.toContain('DescribeAlarms');
  });

  it('changes nothing where the alias has the code', async () => {
    const { aws, lambda, release } = await makeBench();
    await release();
    aws.requests.length = 0;

    expect(await release()).toMatchObject({
      status: 'unchanged',
      version: '2',
    });
    expect(lambda.uploads).toBe(1);
    expect(
      aws.requests.every(({ operation }) => operation.startsWith('Get')),
    ).toBe(true);
  });

  it('makes the alias of a function that has none', async () => {
    const { lambda, release } = await makeBench(new FakeFunction('first'));

    expect(await release({ smokeEvent: '{}' })).toMatchObject({
      status: 'released',
      version: '1',
    });
    expect(lambda.alias).toMatchObject({ version: '1' });
  });

  it('gives an alias on $LATEST a version before the code under it changes', async () => {
    const { lambda, release } = await makeBench(
      new FakeFunction('first').withAlias('$LATEST'),
    );

    expect(await release({ code: 'broken', smokeEvent: '{}' })).toMatchObject({
      status: 'rolled-back',
      version: '1',
    });
    expect(lambda.alias).toMatchObject({ version: '1', weights: {} });
    expect(lambda.violations).toEqual([]);
    await release();
    expect(lambda.alias).toMatchObject({ version: '3' });
  });

  it('shifts in steps', async () => {
    const { lines, release } = await makeBench();
    await release({ shift: 'Linear40PercentEvery1Minute' });

    expect(lines.slice(-3)).toEqual([
      '  40 % to version 2',
      '  80 % to version 2',
      '  all to version 2',
    ]);
  });

  it('never gives traffic to a version that fails on the smoke event', async () => {
    const { lambda, release } = await makeBench();
    const result = await release({
      ...CANARY,
      code: 'broken',
      smokeEvent: '{}',
    });

    expect(result).toMatchObject({
      status: 'rolled-back',
      version: '1',
      reason: expect.stringContaining('RuntimeError') as unknown,
    });
    expect(lambda.violations).toEqual([]);
  });

  it('takes the traffic back when an alarm goes off', async () => {
    const { aws, lambda, release } = await makeBench();
    aws.alarms.set('errors', 'OK');
    aws.fault = ({ operation }) => {
      if (operation === 'UpdateAlias') aws.alarms.set('errors', 'ALARM');
      return undefined;
    };

    expect(await release({ ...CANARY, alarms: ['errors'] })).toMatchObject({
      status: 'rolled-back',
      reason: 'the alarm errors has gone off',
    });
    expect(lambda.alias).toMatchObject({
      version: '1',
      weights: {},
      description: '',
    });
  });

  it.each([
    ['has gone off before', 'ALARM', 'has gone off before it'],
    ['does not exist', undefined, 'does not exist'],
  ])('does not begin where an alarm %s', async (_, state, message) => {
    const { aws, lambda, release } = await makeBench();
    if (state !== undefined) aws.alarms.set('errors', state);

    expect(
      await rejectionOf(release({ ...CANARY, alarms: ['errors'] })),
    ).toContain(message);
    expect(lambda.uploads).toBe(0);
  });

  it('goes on with a shift that was interrupted', async () => {
    const { lambda, release } = await makeBench();
    await release();
    lambda.alias = { ...lambda.alias!, version: '1', weights: { 2: 0.1 } };

    expect(await release(CANARY)).toMatchObject({ version: '2' });
    expect(lambda.uploads).toBe(1);
    expect(lambda.versions.size).toBe(2);
  });

  it('takes a shift to other code back, before anything else', async () => {
    const { lambda, lines, release } = await makeBench();
    await release();
    lambda.alias = { ...lambda.alias!, version: '1', weights: { 2: 0.1 } };

    expect(await release({ code: 'third' })).toMatchObject({ version: '3' });
    expect(lines.join()).toContain('take an interrupted shift back');
  });

  it('takes the alias back when it is interrupted', async () => {
    const { aws, lambda, release } = await makeBench();
    const controller = new AbortController();
    aws.fault = ({ operation }) => {
      if (operation === 'UpdateAlias') controller.abort(new Error('SIGINT'));
      return undefined;
    };

    await expect(
      release({ ...CANARY, signal: controller.signal }),
    ).rejects.toThrow('SIGINT');
    expect(lambda.alias).toMatchObject({ version: '1', weights: {} });
  });

  it('leaves an alias alone that somebody else has moved', async () => {
    const { aws, lambda, release } = await makeBench();
    await release({ code: 'other' });
    aws.fault = ({ operation }) => {
      if (operation === 'UpdateAlias') {
        lambda.alias = { ...lambda.alias!, version: '1', revision: 'theirs' };
      }
      return undefined;
    };

    expect(await rejectionOf(release())).toContain(
      'somebody else has moved the alias meanwhile',
    );
    expect(lambda.alias).toMatchObject({ version: '1', revision: 'theirs' });
  });

  it('refuses to publish code that somebody else has uploaded meanwhile', async () => {
    const { aws, lambda, release } = await makeBench();
    let isFirst = true;
    aws.fault = ({ operation }) => {
      if (operation === 'UpdateFunctionCode' && isFirst) {
        isFirst = false;
        lambda.updateCode(Buffer.from('theirs'), undefined);
      }
      return undefined;
    };

    expect(await rejectionOf(release())).toContain(
      'somebody else has changed the function meanwhile',
    );
    expect(lambda.alias).toMatchObject({ version: '1' });
  });
});
