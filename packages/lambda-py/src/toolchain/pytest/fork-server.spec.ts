import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { useForkServers } from '../../testing/fork-servers';

const start = useForkServers();

describe('the fork server', () => {
  it('starts pytest as "python -m pytest" does', async () => {
    const { run, folder } = await start();
    const { output, exitCode } = await run(
      [
        'import os, sys, signal, threading, random',
        'print(sys.path[0], os.getcwd(), os.environ["MODE"], __name__)',
        'print(len(sys.argv), sys.argv[0].endswith("pytest/__main__.py"))',
        'print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)',
        'print("preloaded_modules" in sys.modules, threading.active_count())',
        'print(sys.stdin.read() == "", file=sys.stderr)',
        'sys.exit(3)',
      ],
      { env: { MODE: 'x' } },
    );
    expect(exitCode).toBe(3);
    expect(output.trim().split('\n').sort()).toEqual(
      [
        `project ${join(folder.path, 'project')} x __main__`.replace(
          `project ${folder.path}/`,
          'project ',
        ),
        '2 True',
        'True',
        'False 1',
        'True',
      ].sort(),
    );
  });

  it.each([
    ['os._exit', ['import os; os._exit(7)'], { exitCode: 7 }],
    [
      'a crash of native code',
      ['import os, signal; os.kill(os.getpid(), signal.SIGSEGV)'],
      { exitCode: 139, signal: 'SIGSEGV' },
    ],
    [
      'a kill',
      ['import os, signal; os.kill(os.getpid(), signal.SIGKILL)'],
      { exitCode: 137, signal: 'SIGKILL' },
    ],
    [
      'an endless loop',
      [
        'import signal',
        'while True:',
        '  try: signal.pause()',
        '  except BaseException: pass',
      ],
      { exitCode: 137, timedOut: true },
    ],
    [
      'endless output',
      ['import sys', 'while True: sys.stdout.write("x" * 65536)'],
      { exitCode: 137, printedTooMuch: true },
    ],
  ])('bears %s, and runs the others', async (_, lines, expected) => {
    const { run, spawned } = await start();
    const bad = run(lines, { timeout: 1 });
    expect(await bad).toMatchObject(expected);
    expect(await run(['print("fine")'])).toMatchObject({
      exitCode: 0,
      output: 'fine\n',
    });
    expect(spawned).toEqual([]);
  });

  it('ends what a run leaves behind, and everything when it stops', async () => {
    const { run, folder, server, spawned } = await start();
    const idFile = join(folder.path, 'id');
    const child = [
      'import subprocess, sys',
      'child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])',
      `open(${JSON.stringify(idFile)}, "w").write(str(child.pid))`,
    ];
    await run(child);
    await until(() => !isRunning(idFile));
    const endless = run([...child, 'child.wait()'], { timeout: 60 });
    await until(() => isRunning(idFile));
    await server.stop();
    await endless;
    expect(spawned).toEqual([]);
    await until(() => !isRunning(idFile));
  });

  it('hands over what it has imported, and shows nothing of it before', async () => {
    const { run } = await start(['kit', 'kit.extra', 'reader']);
    const { output } = await run([
      'import sys',
      'print(sorted(m for m in sys.modules if m[:3] == "kit" or m == "reader"))',
      'import kit',
      'print(sorted(m for m in sys.modules if m[:3] == "kit"))',
      'print(hasattr(kit, "extra"), kit.heavy is sys.modules["kit.heavy"])',
      'import kit.extra',
      'print(kit.extra.VALUE, type(kit.__spec__.loader).__name__)',
    ]);
    expect(output.trim().split('\n')).toEqual([
      '[]',
      "['kit', 'kit.heavy']",
      'False True',
      '1 SourceFileLoader',
    ]);
  });

  it('hands over packages with the modules that they have imported', async () => {
    const { run } = await start(['caller']);
    const { output } = await run([
      'import caller',
      'print(caller.kit.heavy.VALUE is not None, hasattr(caller.kit, "extra"))',
      'import caller, kit',
      'print(kit is caller.kit, type(kit.__spec__.loader).__name__)',
    ]);
    expect(output.trim().split('\n')).toEqual([
      'True False',
      'True SourceFileLoader',
    ]);
  });

  it('registers with botocore what a module does when it is imported, and not before', async () => {
    const { run } = await start(['reader', 'registrar']);
    const { output } = await run([
      'import botocore',
      'print(botocore._INITIALIZERS)',
      'import reader, caller',
      'print(botocore._INITIALIZERS)',
      'import registrar',
      'import registrar',
      'print(botocore._INITIALIZERS)',
    ]);
    expect(output.trim().split('\n')).toEqual([
      "['own']",
      "['own']",
      "['own', 'registrar']",
    ]);
  });

  it('imports anew what would come to something else', async () => {
    const { run } = await start(['reader', 'warner', 'changer']);
    const { output } = await run([
      'import os, sys, warnings',
      'print("CHANGED" in os.environ)',
      'os.environ["MODE"] = "late"',
      'import reader',
      'print(reader.MODE)',
      'import changer',
      'print(os.environ["CHANGED"])',
      'warnings.simplefilter("error")',
      'try:',
      '  import warner',
      'except DeprecationWarning: print("warned")',
    ]);
    expect(output.trim().split('\n')).toEqual(['False', 'late', '1', 'warned']);
  });

  it('lets pytest be started without it where it does not come up', async () => {
    const { run, spawned, folder } = await start();
    folder.write('packages/pytest/__init__.py', 'raise ImportError("no")\n');
    expect((await run(['print(1)'])).exitCode).toBe(0);
    expect(spawned).toEqual(['spawned']);
  });
});

function isRunning(idFile: string): boolean {
  if (!existsSync(idFile)) return false;
  const id = readFileSync(idFile, 'utf8');
  if (id === '') return false;
  try {
    // A process that nobody waits for is dead, and still there.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(20);
}
