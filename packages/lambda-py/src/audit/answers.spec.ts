import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rejectionOf } from '../testing/errors';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { LambdaPyError } from '../workspace/errors';
import { answersFor } from './answers';
import { keyOf } from './pins';
import type { Pin } from './pins';

const makeFolder = useTemporaryFolders();
const A = { name: 'a', version: '1' };
const B = { name: 'b', version: '1' };
const ADVISORY = { id: 'X-1', aliases: [], summary: '', fixedIn: [] };

/** A service that knows one vulnerability, and notes what it is asked for. */
function service(asked: string[][]) {
  return (pins: readonly Pin[]) => {
    asked.push(pins.map(keyOf));
    return Promise.resolve(
      new Map(
        pins.map((pin) => [keyOf(pin), pin.name === 'b' ? [ADVISORY] : []]),
      ),
    );
  };
}

function setUp() {
  const asked: string[][] = [];
  const folder = makeFolder();
  const options = {
    workspaceRoot: folder.path,
    today: '2027-01-02',
    run: '1',
    now: 1_000_000,
    ask: service(asked),
  };
  return {
    asked,
    folder,
    options,
    cache: join(folder.path, '.nx/lambda-py/audit'),
  };
}

describe('answersFor', () => {
  it('asks once for each pin, though tasks run at the same time', async () => {
    const { asked, options } = setUp();
    const answers = await Promise.all(
      [[A], [A, B], [B, A], [B]].map((pins) => answersFor(pins, options)),
    );
    expect(asked.flat().sort()).toEqual(['a 1', 'b 1']);
    expect(answers.map((one) => [...one.keys()])).toEqual([
      ['a 1'],
      ['a 1', 'b 1'],
      ['b 1', 'a 1'],
      ['b 1'],
    ]);
    expect(answers[3]?.get('b 1')).toEqual([ADVISORY]);
  });

  it('asks again on another day, and of another service', async () => {
    const { asked, options, cache } = setUp();
    await answersFor([A], options);
    await answersFor([A], { ...options, serviceUrl: 'https://osv.example' });
    expect(asked).toHaveLength(2);
    expect(readdirSync(cache)).toHaveLength(2);
    await answersFor([A], { ...options, today: '2027-01-03' });
    expect(asked).toHaveLength(3);
    // What was kept the day before is gone.
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it('asks for nothing where there is nothing to ask for', async () => {
    const { asked, options } = setUp();
    expect([...(await answersFor([], options))]).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('tells the other tasks of a run that the service did not answer, and tries again in the next', async () => {
    const { asked, options } = setUp();
    const down = {
      ...options,
      ask: () =>
        Promise.reject(new LambdaPyError({ problem: 'p', found: 'refused' })),
    };
    expect(await rejectionOf(answersFor([A], down))).toContain('refused');
    const message = await rejectionOf(answersFor([A], options));
    expect(message).toContain('did not answer another task of this run');
    expect(message).toContain('refused');
    expect(asked).toEqual([]);
    // A shell is the parent of many runs.
    const later = { ...options, now: options.now + 120_000 };
    await answersFor([B], later);
    expect(asked.splice(0)).toEqual([['b 1']]);
    await answersFor([A], { ...options, run: '2' });
    expect(asked).toEqual([['a 1']]);
    // What was answered is not lost by a failure.
    expect(
      await rejectionOf(
        answersFor([A, { name: 'c', version: '1' }], { ...down, run: '3' }),
      ),
    ).toContain('p');
    await answersFor([A], { ...options, run: '3' });
    expect(asked).toHaveLength(1);
  });

  it('takes a damaged file for none', async () => {
    const { asked, options, cache, folder } = setUp();
    await answersFor([A], options);
    const [file = ''] = readdirSync(cache);
    folder.write(`.nx/lambda-py/audit/${file}`, '{"answers": {"a 1": 0');
    await answersFor([A], options);
    folder.write(`.nx/lambda-py/audit/${file}`, '{"answers": {"a 1": [{}]}}');
    await answersFor([A], options);
    expect(asked).toHaveLength(3);
  });

  it('asks each time where the cache cannot be written to', async () => {
    const { asked, options, folder } = setUp();
    folder.write('.nx/lambda-py', 'a file in its place');
    await answersFor([A], options);
    await answersFor([A], options);
    expect(asked).toHaveLength(2);
  });
});
