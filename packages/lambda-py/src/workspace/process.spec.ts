import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { inSameLocale, runProcess } from './process';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

function run(script: string, options = {}) {
  const cwd = makeFolder().path;
  return runProcess(process.execPath, ['-e', script], { cwd, ...options });
}

describe('runProcess', () => {
  it('collects both streams and passes them on as they come', async () => {
    const pieces: string[] = [];
    const result = await run(
      'process.stdout.write("ü1"); process.stderr.write("2"); process.exit(7)',
      {
        onOutput: (text: string, stream: string) => {
          pieces.push(`${stream}:${text}`);
        },
      },
    );
    expect(result).toEqual({
      exitCode: 7,
      stdout: 'ü1',
      stderr: '2',
      timedOut: false,
      printedTooMuch: false,
    });
    expect(pieces.sort()).toEqual(['stderr:2', 'stdout:ü1']);
  });

  it('counts a signal as shells do', async () => {
    expect(await run('process.kill(process.pid, "SIGKILL")')).toMatchObject({
      exitCode: 137,
      timedOut: false,
      printedTooMuch: false,
    });
  });

  it('kills a child that takes too long', async () => {
    expect(
      await run('setInterval(() => {}, 1000)', { timeoutMs: 200 }),
    ).toMatchObject({ exitCode: 137, timedOut: true });
  });

  it('kills what a child has started on Windows, where there are no groups', async () => {
    const bin = makeFolder();
    bin.script(
      'taskkill',
      `echo "$*" > "${bin.path}/arguments"`,
      'kill -9 "$2"',
    );
    setEnvironment({ PATH: bin.path });
    const { stdout, timedOut } = await runProcess(
      process.execPath,
      ['-e', 'console.log(process.pid); setInterval(() => {}, 1000)'],
      // Long enough to say its number on a machine with other load.
      { cwd: bin.path, isGroup: true, timeoutMs: 3000 },
      'win32',
    );
    expect(timedOut).toBe(true);
    expect(readFileSync(join(bin.path, 'arguments'), 'utf8')).toBe(
      `/pid ${stdout.trim()} /t /f\n`,
    );
  });

  it('kills the child alone where Windows has no taskkill', async () => {
    const { path } = makeFolder();
    setEnvironment({ PATH: path });
    expect(
      await runProcess(
        process.execPath,
        ['-e', 'setInterval(() => {}, 1000)'],
        { cwd: path, isGroup: true, timeoutMs: 300 },
        'win32',
      ),
    ).toMatchObject({ timedOut: true, signal: 'SIGTERM' });
  });

  it('uses the environment that it is given, whole', async () => {
    expect(
      await run('console.log(process.env.A, process.env.HOME)', {
        env: { A: '1' },
      }),
    ).toMatchObject({ stdout: '1 undefined\n' });
  });

  it('has one locale, whatever the user’s', async () => {
    const { stdout } = await run(
      'console.log(process.env.PYTHONUTF8, process.env.LC_ALL)',
      { env: { LC_ALL: 'C', PYTHONUTF8: '0' } },
    );
    expect(stdout).toMatch(/^1 \w+\.UTF-8\n$/);
  });

  it('rejects when the program cannot be started', async () => {
    await expect(
      runProcess('no-such-program', [], { cwd: process.cwd() }),
    ).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('passes a termination signal on, and listens no longer than the child lives', async () => {
    const before = process.listenerCount('SIGTERM');
    const { exitCode } = process;
    const ended = run('console.log("up"); setInterval(() => {}, 1000)', {
      onOutput: () => process.emit('SIGTERM', 'SIGTERM'),
    });
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    expect((await ended).exitCode).toBe(143);
    expect(process.exitCode).toBe(143);
    process.exitCode = exitCode ?? 0;
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

describe('inSameLocale', () => {
  it.each([
    ['linux', 'C.UTF-8'],
    ['darwin', 'en_US.UTF-8'],
    ['win32', 'de'],
  ] as const)('is what each machine has: %s', (platform, locale) => {
    expect(inSameLocale({ LC_ALL: 'de', A: 'a' }, platform)).toEqual({
      ...{ A: 'a', PYTHONUTF8: '1', LC_ALL: locale },
    });
  });
});
