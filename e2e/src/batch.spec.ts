import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withHandler, writeMember } from './support/scenario-workspace';
import { ServerProcess } from './support/server-process';
import { nxTaskReports } from './support/task-reports';
import type { TaskReport } from './support/task-reports';
import { Workspace } from './support/workspace';

const TARGETS = ['lint', 'typecheck', 'test', 'audit', 'pack'];

/** A test that does something to its own process; what it covers besides is that of the generated tests. */
const test = (...lines: readonly string[]): string =>
  ['"""A fault."""\n', ...lines, ''].join('\n');

/** The services, each with what is wrong with it: files by path, and the targets that must fail. */
const SERVICES: Readonly<
  Record<
    string,
    {
      readonly files: Readonly<Record<string, string>>;
      readonly fails: readonly string[];
      readonly dependencies?: readonly string[];
      /** Of a target, in s. */
      readonly timeout?: { readonly target: string; readonly seconds: number };
      /** What its build backend does where it builds a wheel: Python. */
      readonly build?: string;
      /** What must be said of the failure. */
      readonly says?: Readonly<Record<string, string>>;
    }
  >
> = {
  alpha: { files: {}, fails: [] },
  beta: { files: {}, dependencies: ['more-itertools'], fails: [] },
  // Nx loads it for the task.
  'with-env': {
    files: {
      '.env': 'GREETING=hello\n',
      'tests/unit/test_env.py': test(
        'import os\n\n',
        'def test_greets() -> None:',
        '    assert os.environ["GREETING"] == "hello"',
      ),
    },
    fails: [],
  },
  'own-settings': {
    files: {
      'ruff.toml':
        'extend = "../../pyproject.toml"\n[lint]\nselect = ["ANN", "T20"]\n',
      'src/own_settings/shout.py': '"""Shouts."""\n\nprint("!")\n',
    },
    fails: ['lint', 'test'],
    says: { lint: 'T201' },
  },
  'broken-syntax': {
    files: { 'src/broken_syntax/broken.py': 'def broken(:\n' },
    fails: ['lint', 'typecheck', 'test', 'audit'],
    says: {
      lint: 'cannot parse',
      typecheck: 'Expected parameter name',
      audit: 'could not read all of the code',
    },
  },
  unsorted: {
    files: {
      'src/unsorted/more.py':
        '"""More."""\nimport os\nimport json\nX = os.sep\n',
    },
    fails: ['lint', 'test'],
    says: { lint: 'F401' },
  },
  untyped: {
    files: {
      'src/untyped/__init__.py': '"""Untyped."""\n\nX: int = "text"\n',
    },
    fails: ['typecheck'],
    says: { typecheck: 'reportAssignmentType' },
  },
  'failing-test': {
    files: {
      'tests/unit/test_fault.py': test(
        'def test_fails() -> None:',
        '    told = {"answer": 42}',
        '    assert told == {"answer": 41}, "not the answer"',
      ),
    },
    fails: ['lint', 'test'],
    says: { test: 'AssertionError: not the answer' },
  },
  exits: {
    files: {
      'tests/unit/test_fault.py': test(
        'import os\n\n',
        'def test_exits() -> None:',
        '    os._exit(0)',
      ),
    },
    fails: ['test'],
    says: { test: 'ended the process with status 0' },
  },
  crashes: {
    files: {
      'tests/unit/test_fault.py': test(
        'import ctypes\n\n',
        'def test_crashes() -> None:',
        '    ctypes.string_at(0)',
      ),
    },
    fails: ['test'],
    says: { test: 'pytest was ended by SIGSEGV' },
  },
  loops: {
    files: {
      'tests/unit/test_fault.py': test(
        'def test_loops() -> None:',
        '    while True:',
        '        pass',
      ),
    },
    fails: ['test'],
    timeout: { target: 'test', seconds: 15 },
    says: { test: 'pytest was stopped after 15 s; the option "timeout"' },
  },
  // What the system does to it where memory runs out.
  'is-killed': {
    files: {
      'tests/unit/test_fault.py': test(
        'import os\nimport signal\n\n',
        'def test_is_killed() -> None:',
        '    os.kill(os.getpid(), signal.SIGKILL)',
      ),
    },
    fails: ['test'],
    says: { test: 'pytest was ended by SIGKILL: by the system where memory' },
  },
  noisy: {
    files: {
      'tests/unit/test_fault.py': test(
        'import os\n\n',
        'def test_is_noisy(capfd: object) -> None:',
        '    with capfd.disabled():  # type: ignore[attr-defined]',
        '        while True:',
        '            os.write(1, b"xxxxxxxxxxxxxxxxxxx\\n" * 4096)',
      ),
    },
    fails: ['test'],
    says: { test: 'pytest was stopped: it printed more than 20 MB' },
  },
  insecure: {
    files: {
      'src/insecure/run.py':
        '"""Runs."""\n\n\ndef run(text: str) -> object:\n    """Run it."""\n    return eval(text)\n',
    },
    fails: ['audit'],
    says: { audit: 'B307' },
  },
  vulnerable: {
    files: {},
    dependencies: ['inflection', 'more-itertools'],
    fails: ['audit'],
    says: { audit: 'GHSA-test-inflection' },
  },
  'not-answered': {
    files: {},
    dependencies: ['tabulate', 'inflection'],
    fails: ['audit'],
    says: { audit: 'audit: vulnerable, and could not audit all of it' },
  },
  'build-exits': {
    files: {},
    build: 'os._exit(3)',
    fails: ['pack'],
    says: { pack: 'the wheel of build-exits could not be built' },
  },
  'build-crashes': {
    files: {},
    build: 'os.kill(os.getpid(), signal.SIGSEGV)',
    fails: ['pack'],
    says: { pack: 'the wheel of build-crashes could not be built' },
  },
  'build-loops': {
    files: {},
    build: 'while True: pass',
    fails: ['pack'],
    timeout: { target: 'pack', seconds: 10 },
    says: { pack: '"uv build" was stopped after 10 s' },
  },
  'over-budget': {
    files: {},
    fails: ['pack'],
    says: { pack: 'budget' },
  },
};

describe('a batch', () => {
  let workspace: Workspace;
  let osv: ServerProcess;
  let together: ReadonlyMap<string, TaskReport>;
  let oneByOne: ReadonlyMap<string, TaskReport>;
  /** What the two runs wrote of coverage and tests, by file. */
  let writtenTogether: Readonly<Record<string, string>>;
  let writtenOneByOne: Readonly<Record<string, string>>;

  /** Runs all targets of all projects, and reads what Nx has kept of each task. */
  const runAll = (...args: readonly string[]) => {
    workspace.expect('rm', [
      ...['-rf', 'coverage', 'dist', 'reports', '.ruff_cache'],
      '.nx/lambda-py/audit',
    ]);
    const outcome = workspace.tryNx([
      ...['run-many', `--targets=${TARGETS.join(',')}`, '--skip-nx-cache'],
      ...['--nxBail=false', '--parallel=2', '--output-style=static', ...args],
    ]);
    expect(outcome.exitCode).toBe(1);
    return { output: outcome.output, reports: nxTaskReports(outcome.output) };
  };

  const readReports = (): Record<string, string> =>
    Object.fromEntries(
      ['alpha', 'beta', 'with-env', 'failing-test'].flatMap((name) =>
        ['coverage.json', 'lcov.info', 'junit.xml'].map((file) => {
          const path = `coverage/services/${name}/${file}`;
          return [path, workspace.read(path).replaceAll(/ time="[\d.]+"/g, '')];
        }),
      ),
    );

  /** Gives a service a build backend of its own, which works where the environment is made. */
  const breakBuild = (folder: string, statement: string): void => {
    const file = `${folder}/pyproject.toml`;
    workspace.replace(
      file,
      'build-backend = "uv_build"',
      'build-backend = "faulty"\nbackend-path = ["backend"]',
    );
    workspace.write(
      `${folder}/backend/faulty.py`,
      [
        '"""A build backend that builds no wheel."""\n',
        'import os',
        'import signal\n',
        'from uv_build import *\n\n',
        'def build_wheel(*_: object) -> str:',
        '    """Build nothing."""',
        `    ${statement}`,
        '    return str(signal) + os.sep',
        '',
      ].join('\n'),
    );
  };

  /** Starts a service of vulnerabilities that all audits ask. */
  const startOsv = async (): Promise<ServerProcess> => {
    const records = join(workspace.root, '../osv.json');
    workspace.write(
      '../osv.json',
      JSON.stringify([
        { refuses: 'tabulate', affected: [] },
        {
          id: 'GHSA-test-inflection',
          summary: 'Inflects.',
          details: 'Details.',
          modified: '2026-01-01T00:00:00Z',
          published: '2026-01-01T00:00:00Z',
          affected: [
            {
              package: { name: 'inflection', ecosystem: 'PyPI' },
              ranges: [
                {
                  type: 'ECOSYSTEM',
                  events: [{ introduced: '0' }, { fixed: '999' }],
                },
              ],
            },
          ],
        },
      ]),
    );
    const server = await ServerProcess.start('osv-server.mjs', records);
    const nx = JSON.parse(workspace.read('nx.json')) as {
      targetDefaults?: object;
    };
    const { url: serviceUrl } = server;
    workspace.write(
      'nx.json',
      JSON.stringify({
        ...nx,
        targetDefaults: {
          ...nx.targetDefaults,
          audit: { options: { serviceUrl } },
        },
      }),
    );
    return server;
  };

  beforeAll(async () => {
    workspace = Workspace.create('acme corp');
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.nx(['generate', 'lambda-py:library', 'contracts']);
    for (const [name, service] of Object.entries(SERVICES)) {
      const { files, timeout, build, dependencies = [] } = service;
      const folder = `services/${name}`;
      const member = withHandler({ folder, name, dependencies });
      const tables = (member.tables ?? []).map((table) =>
        name === 'over-budget' ? `${table}\nbudgets = { zip = "1 kB" }` : table,
      );
      writeMember(workspace, { ...member, tables });
      for (const [file, text] of Object.entries(files)) {
        workspace.write(`${folder}/${file}`, text);
      }
      if (build !== undefined) breakBuild(folder, build);
      if (timeout !== undefined) {
        workspace.write(
          `${folder}/project.json`,
          JSON.stringify({
            name,
            targets: {
              [timeout.target]: { options: { timeout: timeout.seconds } },
            },
          }),
        );
      }
    }
    workspace.uv(['lock', '--quiet']);
    workspace.nx(['sync']);
    osv = await startOsv();
    workspace.commit('services with a fault each');
    const batch = runAll();
    // It is what Nx does without being asked.
    expect(batch.output).toMatch(/Running \d+ tasks with lambda-py:lint/);
    together = batch.reports;
    writtenTogether = readReports();
    const single = runAll('--batch=false');
    expect(single.output).not.toMatch(/tasks with lambda-py/);
    oneByOne = single.reports;
    writtenOneByOne = readReports();
  });

  afterAll(async () => {
    await osv.stop();
    workspace.remove();
  });

  it('runs every task', () => {
    const services = Object.keys(SERVICES).length;
    expect(together.size).toBe((services + 1) * 5 - 1);
    expect([...together.keys()].sort()).toEqual([...oneByOne.keys()].sort());
  });

  it.each(Object.entries(SERVICES))(
    'has the results of single tasks: %s',
    (name, { fails, says = {} }) => {
      for (const target of TARGETS) {
        const task = `${name}:${target}`;
        const report = together.get(task);
        expect({ task, ...report }).toEqual({ task, ...oneByOne.get(task) });
        if (fails.length === 0 || says[target] !== undefined) {
          expect({ task, failed: report?.failed }).toEqual({
            task,
            failed: fails.includes(target),
          });
        }
        expect(report?.output).toContain(says[target] ?? '');
      }
    },
  );

  it('writes the same reports of coverage and tests', () => {
    expect(writtenTogether).toEqual(writtenOneByOne);
  });

  it('keeps each task in the cache, and takes from there what did not change', () => {
    const run = ['run-many', '--targets=lint,test', '--output-style=static'];
    const args = [...run, '--projects=alpha,beta,with-env'];
    workspace.nx(args);
    workspace.write(
      'services/beta/src/beta/chunks.py',
      `${workspace.read('services/beta/src/beta/chunks.py')}\n\n# A comment.\n`,
    );
    const output = workspace.nx(args);
    expect(
      output.match(/\[(existing outputs match the cache|local cache)/g),
    ).toHaveLength(4);
    // What one by one has run serves a batch.
    workspace.restore();
    expect(
      workspace
        .nx([...args, '--batch=false'])
        .match(/\[(existing outputs match the cache|local cache)/g),
    ).toHaveLength(6);
  });

  it('mends, and formats in place, as single tasks do', () => {
    const file = 'services/unsorted/src/unsorted/more.py';
    const clean = 'services/alpha/src/alpha/chunks.py';
    const before = workspace.read(clean);
    const format = ['--target=format', '--projects=alpha,beta,unsorted'];
    workspace.nx(['run-many', ...format]);
    const batch = workspace.read(file);
    workspace.restore();
    workspace.nx(['run-many', ...format, '--batch=false']);
    expect(workspace.read(file)).toBe(batch);
    expect(workspace.read(clean)).toBe(before);
    workspace.restore();
    expect(batch).not.toBe(workspace.read(file));
  });

  it('tells every project of a tool that is missing', () => {
    const black = join(workspace.root, '.venv', 'bin', 'black');
    workspace.expect('mv', [black, `${black}.away`]);
    const lint = ['run-many', '--target=lint', '--projects=alpha,beta'];
    const args = [...lint, '--output-style=static', '--skip-nx-cache'];
    const batch = nxTaskReports(workspace.tryNx(args).output);
    const single = nxTaskReports(
      workspace.tryNx([...args, '--batch=false']).output,
    );
    workspace.expect('mv', [`${black}.away`, black]);
    expect(batch).toEqual(single);
    expect(batch.get('alpha:lint')?.output).toContain(
      'the environment holds no black',
    );
  });

  it('runs some tests by the plain executor', () => {
    const output = workspace.nx([
      ...['run', 'alpha:test', '--keyword=chunk', '--skip-nx-cache'],
    ]);
    expect(output).toContain('coverage is not judged');
  });

  it('runs no two tests at the same time with --parallel=1', () => {
    const log = join(workspace.root, 'order');
    const names = ['alpha', 'beta', 'with-env'];
    for (const name of names) {
      workspace.write(
        `services/${name}/tests/unit/test_order.py`,
        test(
          'import time\nfrom pathlib import Path\n\n',
          'def test_order() -> None:',
          `    with Path(${JSON.stringify(log)}).open("a") as log:`,
          `        log.write("${name} begins\\n")`,
          '        log.flush()',
          '        time.sleep(0.5)',
          `        log.write("${name} ends\\n")`,
        ),
      );
    }
    workspace.nx([
      ...['run-many', '--target=test', `--projects=${names.join(',')}`],
      '--parallel=1',
    ]);
    const order = readFileSync(log, 'utf8').trim().split('\n');
    workspace.restore();
    expect(order).toHaveLength(6);
    for (const name of names) {
      expect(order.indexOf(`${name} ends`)).toBe(
        order.indexOf(`${name} begins`) + 1,
      );
    }
  });

  it('ends every child when a terminal interrupts it: a wheel that is built', async () => {
    const folder = 'services/build-loops';
    const mark = join(workspace.root, 'builder');
    workspace.expect('rm', ['-f', `${folder}/project.json`]);
    workspace.replace(
      `${folder}/backend/faulty.py`,
      '    while True: pass',
      [
        '    import subprocess, sys',
        '    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"])',
        `    open(${JSON.stringify(mark)}, "w").write(f"{os.getpid()} {child.pid}")`,
        '    while True: pass',
      ].join('\n'),
    );
    const nx = workspace.startNx(
      ['run-many', '--target=pack', '--projects=alpha,beta,build-loops'],
      { stdio: 'ignore', detached: true },
    );
    const ended = new Promise((resolve) => nx.once('close', resolve));
    while (!existsSync(mark) || readFileSync(mark, 'utf8') === '') {
      await sleep(100);
    }
    await sleep(500);
    const ids = readFileSync(mark, 'utf8').split(' ');
    expect(ids.map(isRunning)).toEqual([true, true]);
    // A terminal tells every process of the group.
    process.kill(-(nx.pid ?? 0), 'SIGINT');
    await ended;
    await sleep(500);
    expect(ids.map(isRunning)).toEqual([false, false]);
    workspace.restore();
  });

  it('ends every child when it is interrupted', async () => {
    const mark = join(workspace.root, 'services/loops/child');
    workspace.write(
      'services/loops/tests/unit/test_fault.py',
      test(
        'import subprocess\nimport sys\nfrom pathlib import Path\n\n',
        'def test_loops() -> None:',
        '    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(99)"])',
        '    Path("child").write_text(str(child.pid))',
        '    child.wait()',
      ),
    );
    const nx = workspace.startNx([
      ...['run-many', '--target=test', '--projects=loops,alpha,beta'],
    ]);
    const ended = new Promise((resolve) => nx.once('close', resolve));
    while (!existsSync(mark)) await sleep(100);
    await sleep(500);
    nx.kill('SIGINT');
    await ended;
    await sleep(500);
    expect(isRunning(readFileSync(mark, 'utf8'))).toBe(false);
    workspace.restore();
  });
});

function isRunning(id: string): boolean {
  try {
    // A process that nobody waits for is dead, and still there.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${id}/status`, 'utf8'));
  } catch {
    return false;
  }
}
