import { rejectionOf } from '../testing/errors';
import { listForRollback, rollBack } from './rollback';
import { FakeFunction } from './testing/fake-function';
import { useReleaseBench } from './testing/release-bench';
import type { ReleaseBench } from './testing/release-bench';
import { formatVersions } from './version-table';

const makeBench = useReleaseBench();

/** Versions 1 to 3, of which 4 was unfit. */
async function released(): Promise<ReleaseBench> {
  const bench = await makeBench();
  await bench.release({ code: 'second', commit: 'aaaaaaaaaaaa' });
  await bench.release({ code: 'third', commit: 'bbbbbbbbbbbb' });
  await bench.release({ code: 'broken', smokeEvent: '{}' });
  return bench;
}

describe('a rollback', () => {
  it('goes to the version before, and on to the one before that', async () => {
    const bench = await released();
    const { api } = await bench.connect();

    expect(await rollBack(api, undefined, bench.effects())).toEqual({
      version: '2',
      previous: '3',
    });
    expect(bench.lambda.alias).toMatchObject({
      version: '2',
      description: expect.stringMatching(
        /^lambda-py: 2 1; commit aaaaaaaaaaaa; 2026/,
      ) as unknown,
    });
    await rollBack(api, undefined, bench.effects());
    expect(bench.lambda.alias).toMatchObject({ version: '1' });
    expect(
      await rejectionOf(rollBack(api, undefined, bench.effects())),
    ).toContain('no earlier version is known');
  });

  it('goes to a version that is named', async () => {
    const bench = await released();
    const { api } = await bench.connect();
    await rollBack(api, '1', bench.effects());

    expect(bench.lambda.alias).toMatchObject({ version: '1' });
    await rollBack(api, '3', bench.effects());
    expect(bench.lambda.alias?.description).toMatch(/^lambda-py: 3 1;/);
  });

  it('takes an interrupted shift back', async () => {
    const bench = await released();
    bench.lambda.alias = { ...bench.lambda.alias!, weights: { 4: 0.1 } };
    const { api } = await bench.connect();

    expect(await rollBack(api, undefined, bench.effects())).toEqual({
      version: '3',
      previous: '3',
    });
    expect(bench.lambda.alias).toMatchObject({ version: '3', weights: {} });
  });

  it.each([
    ['there is no such version', '9', 'no such version any more'],
    ['the alias is not there', undefined, 'has no alias live'],
  ])('fails where %s', async (_, to, message) => {
    const { connect, effects } = await makeBench(
      to === undefined ? new FakeFunction('first') : undefined,
    );
    const { api } = await connect();

    expect(await rejectionOf(rollBack(api, to, effects()))).toContain(message);
  });

  it('lists what it can go to', async () => {
    const bench = await released();
    bench.lambda.alias = { ...bench.lambda.alias!, weights: { 4: 0.1 } };
    const { api } = await bench.connect();
    const lines = formatVersions(await listForRollback(api)).split('\n');

    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 3))).toEqual([
      ['version', 'commit', 'time'],
      ['4', '10 %', '2026-01-01T00:00:00Z'],
      ['3', 'live', 'bbbbbbbbbbbb'],
      ['2', 'previous', 'aaaaaaaaaaaa'],
      ['1', 'earlier', '2026-01-01T00:00:00Z'],
    ]);
    expect(formatVersions([])).toBe('no version is published');
  });
});
