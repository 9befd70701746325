import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { executorContext } from '../../testing/executor-context';
import { fakeEnvironment } from '../../testing/fake-environment';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import { startWorker } from './executor-worker-client';
import type { ExecutorWorker } from './executor-worker-client';

jest.mock('node:child_process', () => ({
  ...jest.requireActual<object>('node:child_process'),
  fork: jest.fn(),
}));
const { fork: actualFork } = jest.requireActual<{ fork: typeof fork }>(
  'node:child_process',
);

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const workers: ExecutorWorker[] = [];
let forked: ChildProcess[] = [];

afterEach(() => {
  for (const worker of workers.splice(0)) worker.stop();
});

/** The worker as it is, from its source; a module of an executor may be TypeScript as well. */
const WORKER = `
const { readFileSync } = require('node:fs');
const { transformSync } = require(${JSON.stringify(require.resolve('@swc/core'))});
require.extensions['.ts'] = (module, file) => {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  });
  module._compile(code, file);
};
require(${JSON.stringify(join(__dirname, 'executor-worker.ts'))});
`;

/** Kills the process of a worker that has taken a task, and not begun with it, as often as the file says. */
const killedAtFirst = (file: string): string => `
const files = require('node:fs');
process.on('message', () => {
  const times = Number(files.readFileSync(${JSON.stringify(file)}, 'utf8'));
  if (times === 0) return;
  files.writeFileSync(${JSON.stringify(file)}, String(times - 1));
  process.kill(process.pid, 'SIGKILL');
});
`;

/** An executor that does what the option \`does\` says. */
const EXECUTOR = `
exports.default = async ({ does }) => {
  switch (does) {
    case 'exits': return process.exit(3);
    case 'is killed': return process.kill(process.pid, 'SIGKILL') && new Promise(() => {});
    case 'aborts': return process.abort();
    case 'throws later': setTimeout(() => { throw new Error('later'); }); return new Promise(() => {});
    case 'runs out of memory': { const all = []; for (;;) all.push(new Array(1e6).fill(0)); }
    case 'prints bytes': {
      // Past the stream that is taken, as native code prints.
      const { writeSync } = require('node:fs');
      for (const byte of Buffer.from('€uro')) {
        writeSync(1, Buffer.of(byte));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return { success: true };
    }
    case 'ends its process later': setTimeout(() => process.exit(0), 50); return { success: true };
    default: console.log('did ' + does); return { success: true };
  }
};
`;

function setUp(executor?: string, kills = 0) {
  const folder = makeFolder();
  const file = folder.write('kills', String(kills));
  const worker = folder.write('worker.js', `${killedAtFirst(file)}${WORKER}`);
  forked = [];
  jest.mocked(fork).mockImplementation((_, options) => {
    const child = actualFork(worker, {
      ...(options as object),
      execArgv: ['--max-old-space-size=100'],
    });
    forked.push(child);
    return child;
  });
  const started = startWorker(
    executor ?? folder.write('executor.js', EXECUTOR),
    { ...executorContext(folder.path, 'libs/a'), targetName: 'lint' },
  );
  workers.push(started);
  return {
    folder,
    stop: started.stop,
    run: (options: object) =>
      started.run({
        options,
        context: {
          ...executorContext(folder.path, 'libs/a'),
          targetName: 'lint',
        },
      }),
  };
}

describe('a worker', () => {
  it.each([
    ['exits', 'ended unexpectedly, with status 3'],
    ['is killed', 'ended unexpectedly, with SIGKILL'],
    ['aborts', 'ended unexpectedly, with SIGABRT'],
    ['throws later', 'ended unexpectedly, with status 1'],
    ['runs out of memory', 'JavaScript heap out of memory'],
  ])(
    'fails the task alone whose executor %s, and runs the next one',
    async (does, told) => {
      const { run } = setUp();
      const [before, fault, after] = await Promise.all([
        run({ does: 'one' }),
        run({ does }),
        run({ does: 'two' }),
      ]);

      expect(before).toEqual({ success: true, output: 'did one\n' });
      expect(fault.success).toBe(false);
      expect(fault.output).toContain(told);
      expect(fault.output).toContain('the process that ran a:lint ended');
      expect(after).toEqual({ success: true, output: 'did two\n' });
      expect(forked).toHaveLength(2);
    },
  );

  it('runs a task whose process was killed before it began in another one', async () => {
    const { run } = setUp(undefined, 1);

    expect(await run({ does: 'one' })).toEqual({
      success: true,
      output: 'did one\n',
    });
    expect(forked).toHaveLength(2);
  });

  it('fails a task whose process was killed twice before it began, and runs the next one', async () => {
    const { run } = setUp(undefined, 2);

    expect(await run({ does: 'one' })).toEqual({
      success: false,
      output:
        'the process that ran a:lint ended before the task had begun, with SIGKILL\n',
    });
    expect(forked).toHaveLength(2);
    expect((await run({ does: 'two' })).success).toBe(true);
  });

  it('starts no process for a task that had not begun once it is stopped', async () => {
    const { run, stop } = setUp(undefined, 1);
    const end = run({ does: 'one' });
    await new Promise(setImmediate);
    forked[0]?.once('exit', stop);

    expect((await end).success).toBe(false);
    expect(forked).toHaveLength(1);
  });

  it('stops a tool of an executor that does not end', async () => {
    const { folder, run } = setUp(join(__dirname, '../lint/executor.ts'));
    setEnvironment({
      LAMBDA_PY_UV: fakeEnvironment(folder, {
        ruff: 'while :; do :; done',
        black: '',
      }),
    });
    const { success, output } = await run({ timeout: 0.5 });

    expect(success).toBe(false);
    expect(output).toContain('ruff was stopped after 0.5 s');
  });

  it('keeps a character that comes in pieces', async () => {
    const { run } = setUp();
    const { success, output } = await run({ does: 'prints bytes' });

    expect(success).toBe(true);
    expect(output).toBe('€uro');
  });

  it.each(['has told of it', 'has told nobody yet'])(
    'runs a task after its process ended between two, and %s',
    async (when) => {
      const { run } = setUp();
      await run({ does: 'ends its process later' });
      if (when === 'has told of it') {
        await Promise.all(forked.map((child) => once(child, 'close')));
      } else {
        // As the event loop is busy: what has happened is found out by sending.
        const end = performance.now() + 500;
        while (performance.now() < end);
      }

      expect(await run({ does: 'more' })).toEqual({
        success: true,
        output: 'did more\n',
      });
      expect(forked).toHaveLength(2);
    },
  );

  it.each([
    [
      'tells of it later',
      () =>
        spawn('/no/such/program', [], {
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        }),
    ],
    [
      'throws',
      () => {
        throw new Error('spawn EPERM');
      },
    ],
  ])(
    'fails the task alone whose process cannot be started: the system %s',
    async (_, start) => {
      const { run } = setUp();
      const working = jest.mocked(fork).getMockImplementation();
      jest.mocked(fork).mockImplementationOnce(start);
      const fault = await run({ does: 'one' });

      expect(fault.success).toBe(false);
      expect(fault.output).toMatch(
        /^the process that ran a:lint could not be started: .*spawn/,
      );
      expect(working).toBeDefined();
      expect(await run({ does: 'two' })).toEqual({
        success: true,
        output: 'did two\n',
      });
    },
  );
});
