import { EnvironmentPool } from './environment-pool';
import type { PooledEnvironment } from './environment-pool';
import type { EnvironmentAnswer } from './execution-environment';

class FakeEnvironment implements PooledEnvironment {
  isSpent = false;
  isStopped = false;
  events: string[] = [];
  settle: () => void = () => undefined;

  constructor(readonly name: string) {}

  invoke(event: Buffer): Promise<EnvironmentAnswer> {
    this.events.push(event.toString());
    return new Promise((resolve) => {
      this.settle = () => {
        resolve({
          payload: Buffer.from(this.name),
          contentType: 'application/json',
          durationMs: 1,
          requestId: 'id',
        });
      };
    });
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return Promise.resolve();
  }
}

function setUp(concurrency: number): {
  readonly pool: EnvironmentPool;
  readonly started: FakeEnvironment[];
  readonly start: (version: string) => () => FakeEnvironment;
} {
  const started: FakeEnvironment[] = [];
  const start = (version: string) => (): FakeEnvironment => {
    const environment = new FakeEnvironment(`${version}${started.length}`);
    started.push(environment);
    return environment;
  };
  return { pool: new EnvironmentPool(start('a'), concurrency), started, start };
}

const tick = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

async function finish(
  environment: FakeEnvironment | undefined,
  answer: Promise<EnvironmentAnswer>,
): Promise<string> {
  await tick();
  environment?.settle();
  return (await answer).payload.toString();
}

describe('EnvironmentPool', () => {
  it('keeps an environment warm, and starts one for each event that runs beside another', async () => {
    const { pool, started } = setUp(2);
    expect(started).toHaveLength(1);
    const one = pool.invoke(Buffer.from('1'));
    const two = pool.invoke(Buffer.from('2'));
    expect(started).toHaveLength(2);
    expect(await finish(started[0], one)).toBe('a0');
    expect(await finish(started[1], two)).toBe('a1');
    const three = pool.invoke(Buffer.from('3'));
    await finish(started[1], three);
    expect(started.map(({ events }) => events)).toEqual([['1'], ['2', '3']]);
  });

  it('has events wait where all environments run', async () => {
    const { pool, started } = setUp(1);
    const answers = ['1', '2', '3'].map((event) =>
      pool.invoke(Buffer.from(event)),
    );
    for (const answer of answers) await finish(started[0], answer);
    expect(started).toHaveLength(1);
    expect(started[0]?.events).toEqual(['1', '2', '3']);
  });

  it('lets go of an environment that is spent', async () => {
    const { pool, started } = setUp(1);
    const one = pool.invoke(Buffer.from('1'));
    const [first] = started;
    if (first !== undefined) first.isSpent = true;
    await finish(first, one);
    expect(first?.isStopped).toBe(true);
    const two = pool.invoke(Buffer.from('2'));
    expect(await finish(started[1], two)).toBe('a1');
  });

  it('serves another version, and lets the one before end what it runs', async () => {
    const { pool, started, start } = setUp(2);
    const running = pool.invoke(Buffer.from('old'));
    await pool.replace(start('b'));
    const next = pool.invoke(Buffer.from('new'));
    expect(await finish(started[1], next)).toBe('b1');
    expect(started[0]?.isStopped).toBe(false);
    expect(await finish(started[0], running)).toBe('a0');
    expect(started[0]?.isStopped).toBe(true);
    await pool.replace(start('c'));
    expect(started.map(({ isStopped }) => isStopped)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('stops all, whatever they do, and runs nothing more', async () => {
    const { pool, started } = setUp(1);
    const running = pool.invoke(Buffer.from('1'));
    const waiting = pool.invoke(Buffer.from('2'));
    await pool.close();
    expect(started[0]?.isStopped).toBe(true);
    await finish(started[0], running);
    await expect(waiting).rejects.toThrow('closed');
    await expect(pool.invoke(Buffer.from('3'))).rejects.toThrow('closed');
  });
});
