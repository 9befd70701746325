import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejectionOf } from '../testing/errors';
import { fakePython, fakeUv } from '../testing/fake-python';
import type { FakePythonOptions } from '../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { findUv, runUv, UV_VERSION, uvCommandLine, uvEnvironment } from './uv';
import type * as uvModule from './uv';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const PINNED = `.nx/lambda-py/uv-${UV_VERSION}`;

/** A machine that has nothing but a Python and what a test puts there. */
function machine(python?: FakePythonOptions) {
  const [bin, workspace] = [makeFolder(), makeFolder()];
  setEnvironment({
    PATH: bin.path,
    PYENV_ROOT: bin.path,
    LAMBDA_PY_UV: undefined,
  });
  fakePython(bin, 'python3', python);
  return { bin, workspace, root: workspace.path };
}

/** The folders of installations in the workspace's cache. */
function installations(root: string): readonly string[] {
  return readdirSync(join(root, '.nx/lambda-py')).filter((entry) =>
    entry.startsWith('uv-'),
  );
}

describe('findUv', () => {
  describe('with LAMBDA_PY_UV', () => {
    it('takes that one and no other', async () => {
      const { bin, root } = machine();
      bin.script('uv', ...fakeUv('0.12.0'));
      const own = bin.script('own/uv', ...fakeUv('0.13.0'));
      setEnvironment({ LAMBDA_PY_UV: own });
      expect(await findUv(root)).toEqual({
        command: own,
        prefix: [],
        version: '0.13.0',
      });
    });

    it('refuses a path to nothing, although PATH has one', async () => {
      const { bin, root } = machine();
      bin.script('uv', ...fakeUv('0.13.0'));
      setEnvironment({ LAMBDA_PY_UV: '/nowhere/uv' });
      expect(await rejectionOf(findUv(root))).toBe(
        [
          'LAMBDA_PY_UV names no uv that can be used',
          '  found:    /nowhere/uv does not run',
          '  expected: a uv of version >=0.11.0 <1.0.0',
          '  mend:     unset LAMBDA_PY_UV, or update that uv with "uv self update"',
        ].join('\n'),
      );
    });

    it.each(['0.10.9', '1.0.0'])('refuses uv %s', async (version) => {
      const { bin, root } = machine();
      setEnvironment({ LAMBDA_PY_UV: bin.script('old', ...fakeUv(version)) });
      expect(await rejectionOf(findUv(root))).toContain(
        `  found:    uv ${version}\n  expected: a uv of version >=0.11.0 <1.0.0`,
      );
    });

    it('takes an empty one for none', async () => {
      const { bin, root } = machine();
      bin.script('uv', ...fakeUv('0.13.0'));
      setEnvironment({ LAMBDA_PY_UV: '' });
      expect(await findUv(root)).toMatchObject({ command: 'uv' });
    });
  });

  it('takes uv of PATH and leaves the workspace alone', async () => {
    const { bin, root } = machine();
    bin.script('uv', ...fakeUv('0.11.0'));
    expect(await findUv(root)).toEqual({
      command: 'uv',
      prefix: [],
      version: '0.11.0',
    });
    expect(existsSync(join(root, '.nx'))).toBe(false);
  });

  it.each([
    ['that is too old', fakeUv('0.10.0')],
    ['that is too new', fakeUv('1.0.0')],
    ['that fails', ['echo "uv 0.13.0"; exit 1']],
    ['that is another program', ['echo "libuv test runner"']],
  ])('passes over a uv on PATH %s', async (_, lines) => {
    const { bin, root } = machine({ uv: '0.13.2' });
    bin.script('uv', ...lines);
    expect(await findUv(root)).toEqual({
      command: join(bin.path, 'python3'),
      prefix: ['-m', 'uv'],
      version: '0.13.2',
    });
  });

  it('installs the pinned uv once, with pip, into the cache', async () => {
    const { bin, root } = machine({ uv: '0.9.0' });
    const uv = await findUv(root);
    expect(uv).toEqual({
      command: join(root, PINNED, 'bin/uv'),
      prefix: [],
      version: UV_VERSION,
    });
    expect(await runUv(root, ['--version'])).toMatchObject({
      stdout: `uv ${UV_VERSION}\n`,
    });
    expect(readFileSync(join(bin.path, 'pip-arguments'), 'utf8')).toBe(
      `-m pip install --quiet --disable-pip-version-check uv==${UV_VERSION}\n`,
    );
    expect(installations(root)).toEqual([`uv-${UV_VERSION}`]);
    expect(readFileSync(join(root, '.nx/lambda-py/.gitignore'), 'utf8')).toBe(
      '*\n',
    );
  });

  it('finds what an earlier process installed, without Python', async () => {
    const { bin, workspace, root } = machine();
    bin.script('python3', 'exit 1');
    workspace.script(`${PINNED}/bin/uv`, ...fakeUv(UV_VERSION));
    expect(await findUv(root)).toMatchObject({
      command: join(root, PINNED, 'bin/uv'),
    });
  });

  it.each([
    ['does not run', `${PINNED}/bin/uv`],
    ['is not complete', `${PINNED}/pyvenv.cfg`],
    ['was killed on the way', `${PINNED}.aBcDeF/bin/uv`],
  ])('replaces an installation that %s', async (_, file) => {
    const { workspace, root } = machine();
    workspace.script(file, 'exit 1');
    await findUv(root);
    expect(await runUv(root, ['--version'])).toMatchObject({
      exitCode: 0,
      stdout: `uv ${UV_VERSION}\n`,
    });
  });

  it('leaves nothing of an installation that failed, and tries again', async () => {
    const { bin, root } = machine({
      pip: ['echo "no index reachable" >&2', 'exit 1'],
    });
    expect(await rejectionOf(findUv(root))).toBe(
      [
        `uv ${UV_VERSION} could not be installed: "-m pip install" failed`,
        '  found:    no uv on PATH; no index reachable',
        '  mend:     make the package index reachable for pip, or install uv >=0.11.0 <1.0.0 (https://docs.astral.sh/uv/getting-started/installation/)',
      ].join('\n'),
    );
    expect(installations(root)).toEqual([]);
    fakePython(bin, 'python3');
    expect(await findUv(root)).toMatchObject({ version: UV_VERSION });
  });

  it('leaves nothing of an installation that was killed', async () => {
    const { root } = machine({ pip: ['kill -TERM $$'] });
    expect(await rejectionOf(findUv(root))).toContain('could not be installed');
    expect(installations(root)).toEqual([]);
  });

  it('tells of the uv that it found when none can be installed', async () => {
    const { bin, root } = machine({ pip: ['exit 1'] });
    bin.script('uv', ...fakeUv('0.4.0'));
    expect(await rejectionOf(findUv(root))).toContain(
      'found:    uv 0.4.0 on PATH, which is not in >=0.11.0 <1.0.0',
    );
  });

  it('says so when Python cannot make an environment', async () => {
    const { bin, root } = machine();
    bin.script(
      'python3',
      '[ "$1" = -I ] && echo "$0" && echo 3.12.0 && exit',
      '[ "$2" = venv ] && echo "ensurepip is not available"',
      'exit 1',
    );
    expect(await rejectionOf(findUv(root))).toMatch(
      /"-m venv \S+" failed\n {2}found: {4}no uv on PATH; ensurepip is not available/,
    );
    expect(installations(root)).toEqual([]);
  });

  it('installs once for all calls of a process', async () => {
    const { bin, root } = machine();
    const [one, other] = await Promise.all([findUv(root), findUv(root)]);
    expect(other).toBe(one);
    expect(
      readFileSync(join(bin.path, 'pip-arguments'), 'utf8').split('\n'),
    ).toHaveLength(2);
  });

  it('leaves the installation of a process that was faster', async () => {
    // Each module registry stands for a process, which knows nothing of the others.
    const turn = makeFolder().path;
    const { root } = machine({
      pip: [
        `/bin/mkdir ${turn}/first 2>/dev/null && echo > faster || /bin/sleep 1`,
        `printf '#!/bin/sh\\necho "uv 0.13.9"\\n' > uv`,
        '/bin/chmod +x uv',
      ],
    });
    const processes = [1, 2, 3].map(() => {
      let find = findUv;
      jest.isolateModules(() => {
        find = jest.requireActual<typeof uvModule>('./uv').findUv;
      });
      return find;
    });
    const found = await Promise.all(processes.map((find) => find(root)));
    expect(new Set(found).size).toBe(3);
    expect(installations(root)).toEqual([`uv-${UV_VERSION}`]);
    expect(existsSync(join(root, PINNED, 'bin/faster'))).toBe(true);
    expect(await runUv(root, ['--version'])).toMatchObject({ exitCode: 0 });
  });
});

describe('uvCommandLine', () => {
  it('names a uv of the workspace from its root, and any other in full', async () => {
    const folder = makeFolder();
    const uv = folder.script('tools/uv', ...fakeUv('0.13.9'));
    setEnvironment({ LAMBDA_PY_UV: uv });
    expect(await uvCommandLine(folder.path, 'lock')).toBe('tools/uv lock');
    expect(await uvCommandLine(makeFolder().path, 'lock')).toBe(`${uv} lock`);
  });

  it('is plain uv where there is none', async () => {
    setEnvironment({ LAMBDA_PY_UV: '/nowhere/uv' });
    expect(await uvCommandLine(makeFolder().path, 'lock')).toBe('uv lock');
  });
});

describe('uvEnvironment', () => {
  it('keeps the user’s indexes, drops what would lead uv astray', () => {
    expect(
      uvEnvironment({
        UV_INDEX_URL: 'https://mirror.example/simple',
        UV_OFFLINE: '1',
        FORCE_COLOR: 'true',
        UV_COMPILE_BYTECODE: '1',
        UV_CONSTRAINT: 'constraints.txt',
        UV_FROZEN: '1',
        UV_LOCKED: '1',
        UV_NO_DEV: '1',
        UV_PROJECT: '/elsewhere',
        UV_PROJECT_ENVIRONMENT: '/elsewhere/.venv',
        UV_WORKING_DIR: '/elsewhere',
        VIRTUAL_ENV: '/active',
      }),
    ).toEqual({
      UV_INDEX_URL: 'https://mirror.example/simple',
      UV_OFFLINE: '1',
      NO_COLOR: '1',
      UV_NO_PROGRESS: '1',
    });
  });
});

describe('runUv', () => {
  it('runs in the workspace with an argument array, whatever it holds', async () => {
    const { bin, root } = machine();
    setEnvironment({
      VIRTUAL_ENV: '/active',
      LAMBDA_PY_UV: bin.script(
        'uv',
        ...fakeUv('0.13.0'),
        'echo "$#|$1|$PWD|$VIRTUAL_ENV|$NO_COLOR"; exit 3',
      ),
    });
    expect(await runUv(root, ['a b; $(id) "c'])).toEqual({
      exitCode: 3,
      stdout: `1|a b; $(id) "c|${root}||1\n`,
      stderr: '',
      timedOut: false,
      printedTooMuch: false,
    });
  });
});
