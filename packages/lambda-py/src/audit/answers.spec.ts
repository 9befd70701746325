import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { LambdaPyError } from '../workspace/errors';
import { answersFor } from './answers';
import { keyOf } from './pins';
import type { Pin } from './pins';

jest.mock('proper-lockfile', () => {
  const actual = jest.requireActual<{ lock: typeof lock }>('proper-lockfile');
  return { ...actual, lock: jest.fn(actual.lock) };
});

const makeFolder = useTemporaryFolders();
const A = { name: 'a', version: '1' };
const B = { name: 'b', version: '1' };
const C = { name: 'c', version: '1' };
const D = { name: 'd', version: '1' };
const E = { name: 'e', version: '1' };
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

/** The service, which cannot take a question with c in it. */
const REFUSES_C =
  (answer: ReturnType<typeof service>) =>
  (pins: readonly Pin[]): ReturnType<typeof answer> =>
    pins.includes(C)
      ? Promise.reject(new LambdaPyError({ problem: 'what is c?' }))
      : answer(pins);

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
    expect(answers.map((one) => [...one.answers.keys()])).toEqual([
      ['a 1'],
      ['a 1', 'b 1'],
      ['b 1', 'a 1'],
      ['b 1'],
    ]);
    expect(answers[3]?.answers.get('b 1')).toEqual([ADVISORY]);
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
    expect([...(await answersFor([], options)).answers]).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('does not ask a service again that is down, until the next run', async () => {
    const { asked, options } = setUp();
    const questions: (readonly Pin[])[] = [];
    const down = {
      ...options,
      ask: (pins: readonly Pin[]) => {
        questions.push(pins);
        return Promise.reject(
          new LambdaPyError({ problem: 'p', found: 'refused', mend: 'm' }),
        );
      },
    };
    const refusal = { found: 'refused', mend: 'm' };
    expect(await answersFor([A, B], down)).toEqual({
      answers: new Map(),
      refusal,
    });
    // Whole, and in halves.
    expect(questions).toEqual([[A, B], [A], [B]]);
    expect(await answersFor([A, C], options)).toEqual({
      answers: new Map(),
      refusal,
    });
    expect(asked).toEqual([]);
    // A shell is the parent of many runs.
    const later = { ...options, now: options.now + 120_000 };
    await answersFor([B], later);
    expect(asked.splice(0)).toEqual([['b 1']]);
    await answersFor([A], { ...options, run: '2' });
    expect(asked).toEqual([['a 1']]);
  });

  it('tells what is known beside what is not', async () => {
    const { asked, options } = setUp();
    const [refusing, answering] = [REFUSES_C(options.ask), options.ask];
    expect(
      await answersFor([A, B, C, D], { ...options, ask: refusing }),
    ).toEqual({
      answers: new Map([
        ['a 1', []],
        ['b 1', [ADVISORY]],
        ['d 1', []],
      ]),
      refusal: { found: 'what is c?' },
    });
    asked.splice(0);
    // Another task of the run that has it is told the same; one with others is answered.
    expect(
      await answersFor([B, C], { ...options, ask: answering }),
    ).toMatchObject({
      answers: new Map([['b 1', [ADVISORY]]]),
      refusal: { found: 'what is c?' },
    });
    expect(await answersFor([C, E], options)).toMatchObject({
      answers: new Map([['e 1', []]]),
      refusal: { found: 'what is c?' },
    });
    expect(await answersFor([A, E], options)).not.toHaveProperty('refusal');
    expect(asked).toEqual([['e 1']]);
  });

  it('takes two failures of single pins for a service that is down', async () => {
    const { asked, options } = setUp();
    const down = {
      ...options,
      ask: () => Promise.reject(new LambdaPyError({ problem: 'refused' })),
    };
    await answersFor([A], down);
    await answersFor([B], down);
    expect(await answersFor([D], options)).toEqual({
      answers: new Map(),
      refusal: { found: 'refused' },
    });
    expect(asked).toEqual([]);
  });

  it('tells of an audit that never gives the answers back', async () => {
    const { asked, options } = setUp();
    await answersFor([A], options);
    asked.splice(0);
    jest
      .mocked(lock)
      .mockRejectedValueOnce(
        Object.assign(new Error('held'), { code: 'ELOCKED' }),
      );
    const { answers, refusal } = await answersFor([A, B], options);
    expect([...answers.keys()]).toEqual(['a 1']);
    expect(refusal?.found).toMatch(
      /^another audit has held \.nx\/lambda-py\/audit\/\S+\.json\.lock for ten minutes$/,
    );
    expect(asked).toEqual([]);
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
