import { realpathSync } from 'node:fs';
import { rejectionOf } from '../testing/errors';
import { fakePython } from '../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { describeInterpreter, findPython, findPythonOfVersion } from './python';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

/** A machine that has nothing but what a test puts there. */
function machine() {
  const [bin, pyenv, workspace] = [makeFolder(), makeFolder(), makeFolder()];
  setEnvironment({ PATH: bin.path, PYENV_ROOT: pyenv.path });
  return { bin, pyenv, folder: workspace, workspace: workspace.path };
}

describe('findPython', () => {
  it('takes python3 of PATH', async () => {
    const { bin, workspace } = machine();
    const executable = fakePython(bin, 'python3', { version: '3.11.0' });
    fakePython(bin, 'python', { version: '3.13.0' });
    expect(await findPython(workspace)).toEqual({
      executable,
      version: '3.11.0',
    });
  });

  it('passes over one that is too old', async () => {
    const { bin, workspace } = machine();
    fakePython(bin, 'python3', { version: '3.10.12' });
    const executable = fakePython(bin, 'python', { version: '3.13.0' });
    expect(await findPython(workspace)).toEqual({
      executable,
      version: '3.13.0',
    });
  });

  it('takes the newest that pyenv holds where PATH has none, a broken one passed over', async () => {
    const { pyenv, workspace } = machine();
    for (const version of ['3.9.18', '3.11.7', '3.12.1']) {
      fakePython(pyenv, `versions/${version}/bin/python`, { version });
    }
    pyenv.script('versions/3.13.0/bin/python', 'exit 1');
    pyenv.write('versions/pypy-3.99/bin/python', '');
    expect(await findPython(workspace)).toMatchObject({ version: '3.12.1' });
  });

  it.each([
    ['under the name of its version', 'bin', 'python3.12'],
    ['in the environment of the workspace', 'folder', '.venv/bin/python'],
  ] as const)('takes one %s where python3 is too old', async (_, at, name) => {
    const there = machine();
    fakePython(there.bin, 'python3', { version: '3.9.6' });
    const executable = fakePython(there[at], name, { version: '3.12.9' });
    expect(await findPython(there.workspace)).toEqual({
      executable,
      version: '3.12.9',
    });
  });

  it('asks the uv on PATH for one that no PATH holds, and lets it install none', async () => {
    const { bin, workspace } = machine();
    const elsewhere = makeFolder();
    fakePython(bin, 'python3', { version: '3.9.6' });
    const executable = fakePython(elsewhere, 'python', { version: '3.13.1' });
    bin.script(
      'uv',
      '[ "$*" = "python find --system --no-project --no-python-downloads >=3.11" ] || exit 2',
      `echo "${executable}"`,
    );
    expect(await findPython(workspace)).toEqual({
      executable,
      version: '3.13.1',
    });
  });

  it('asks the launcher of Windows, there alone', async () => {
    const { bin, workspace } = machine();
    bin.script('py', '[ "$1 $2" = "-3 -I" ] && echo /py && echo 3.14.0');
    expect(await findPython(workspace, 'win32')).toEqual({
      executable: '/py',
      version: '3.14.0',
    });
    await expect(findPython(workspace, 'linux')).rejects.toThrow('no Python');
  });

  it('says what is missing on a machine without Python', async () => {
    const { workspace } = machine();
    expect(await rejectionOf(findPython(workspace))).toMatch(
      /^no Python 3\.11 or later was found\n {2}found: {4}no python3 on PATH\n {2}expected: python3 on PATH, version 3\.11 or later\n {2}mend: {5}install Python/,
    );
  });

  it('says what it found when all are too old', async () => {
    const { bin, workspace } = machine();
    const executable = fakePython(bin, 'python3', { version: '3.8.1' });
    expect(await rejectionOf(findPython(workspace))).toContain(
      `found:    ${executable} (3.8.1)`,
    );
  });
});

describe('findPythonOfVersion', () => {
  it('looks in the environment, on PATH and in pyenv, for the exact minor version', async () => {
    const { bin, pyenv, workspace } = machine();
    fakePython(bin, 'python3', { version: '3.11.7' });
    fakePython(pyenv, 'versions/3.1.5/bin/python', { version: '3.1.5' });
    const old = fakePython(pyenv, 'versions/3.10.1/bin/python', {
      version: '3.10.1',
    });
    const of = (version: string) => findPythonOfVersion(version, workspace);
    expect(await of('3.10')).toEqual({ executable: old, version: '3.10.1' });
    expect(await of('3.11')).toMatchObject({ version: '3.11.7' });
    expect(await of('3.1')).toMatchObject({ version: '3.1.5' });
    expect(await of('3.13')).toBeUndefined();
    const named = fakePython(bin, 'python3.13', { version: '3.13.2' });
    expect(await of('3.13')).toEqual({ executable: named, version: '3.13.2' });
  });

  it.each([
    ['linux', '.venv/bin/python'],
    ['win32', '.venv/Scripts/python.exe'],
  ] as const)('knows the environment of %s', async (platform, name) => {
    const { folder, workspace } = machine();
    const executable = fakePython(folder, name, { version: '3.13.5' });
    expect(await findPythonOfVersion('3.13', workspace, platform)).toEqual({
      executable,
      version: '3.13.5',
    });
  });
});

describe('describeInterpreter', () => {
  it('asks a real interpreter, through any shim', async () => {
    const real = await describeInterpreter('python3', process.cwd());
    expect(real?.version).toMatch(/^3\.\d+\.\d+$/);
    expect(real?.executable).not.toContain('shims');
    expect(realpathSync(real?.executable ?? '')).toBeTruthy();
  });

  it.each([
    ['does not run', 'exit 1'],
    ['prints nothing', 'exit 0'],
  ])('knows nothing of one that %s', async (_, line) => {
    const folder = makeFolder();
    const script = folder.script('python', line);
    expect(await describeInterpreter(script, folder.path)).toBeUndefined();
    expect(await describeInterpreter('no-such', folder.path)).toBeUndefined();
  });
});
