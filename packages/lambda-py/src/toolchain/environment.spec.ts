import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failureOf, rejectionOf } from '../testing/errors';
import { fakeEnvironment } from '../testing/fake-environment';
import { lockText } from '../testing/lock-files';
import { fakePython } from '../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { ensureEnvironment, ensureEnvironmentOnce } from './environment';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

/** `uv sync` that fails, as it does for a broken member, once there is a file `broken`. */
const FAILS_WHEN_BROKEN =
  '[ ! -e broken ] || { echo "error: no TOML" >&2; exit 2; }';

function workspaceWith(sync?: string) {
  const folder = makeFolder();
  setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, { ruff: '' }, sync) });
  const warnings: string[] = [];
  return {
    folder,
    root: folder.path,
    warnings,
    ensure: () =>
      ensureEnvironment(folder.path, (message) => warnings.push(message)),
    calls: () => readFileSync(join(folder.path, 'calls'), 'utf8'),
  };
}

describe('ensureEnvironment', () => {
  it('makes the environment true to the lock file and gives its tools', async () => {
    const { root, ensure, calls } = workspaceWith();
    const environment = await ensure();
    expect(calls()).toBe('uv sync --all-packages --locked\n');
    expect(environment.executable('ruff')).toBe(join(root, '.venv/bin/ruff'));
    expect(failureOf(() => environment.executable('mypy'))).toBe(
      [
        'the environment holds no mypy',
        '  expected: mypy in the group "dev" of the root\'s pyproject.toml',
        '  mend:     uv add --group dev mypy && nx sync',
      ].join('\n'),
    );
  });

  it('names the interpreter to uv where there is no environment yet', async () => {
    const { folder, root, ensure, calls } = workspaceWith('mkdir -p .venv/bin');
    rmSync(join(root, '.venv'), { recursive: true });
    const bin = makeFolder();
    const python = fakePython(bin, 'python3');
    setEnvironment({ PATH: `${bin.path}:/bin:/usr/bin` });
    await ensure();
    expect(calls()).toBe(
      `uv sync --all-packages --python ${python} --locked\n`,
    );
    expect(existsSync(join(folder.path, '.venv/.lambda-py-lock'))).toBe(true);
  });

  describe('with a library that is installed as a copy', () => {
    const RECORD =
      '.venv/lib/python3.13/site-packages/my_kit-1.0.dist-info/RECORD';
    const PLAIN = 'uv sync --all-packages --locked\n';
    const ANEW = PLAIN.replace('\n', ' --reinstall-package my-kit\n');

    function workspaceWithCopy() {
      // As uv does, each installation writes another RECORD.
      const workspace = workspaceWith(
        [
          FAILS_WHEN_BROKEN,
          'case "$*" in *-package*)',
          `  rm -f ${RECORD}; mkdir -p "$(dirname ${RECORD})"; wc -l calls > ${RECORD};`,
          'esac',
        ].join('\n'),
      );
      workspace.folder.write(
        'uv.lock',
        lockText([
          { name: 'a', source: '{ editable = "libs/a" }' },
          { name: 'my-kit', source: '{ directory = "libs/kit" }' },
        ]),
      );
      workspace.folder.write('libs/kit/src/my_kit/__init__.py', 'X = 1\n');
      return workspace;
    }

    it('builds it, whatever uv has kept of it, and then only when its sources change', async () => {
      const { folder, ensure, calls } = workspaceWithCopy();
      await ensure();
      const made = PLAIN.replace('\n', ' --refresh-package my-kit\n');
      expect(calls()).toBe(made);
      await ensure();
      expect(calls()).toBe(made + PLAIN);
      folder.write('libs/kit/src/my_kit/__init__.py', 'X = 2\n');
      folder.write('libs/kit/.pytest_cache/x', '');
      await ensure();
      expect(calls()).toBe(made + PLAIN + ANEW);
      folder.write('libs/kit/src/my_kit/__pycache__/x.pyc', '');
      await ensure();
      expect(calls()).toBe(made + PLAIN + ANEW + PLAIN);
      folder.write('libs/kit/src/my_kit/more.py', '');
      await ensure();
      expect(calls()).toBe(made + PLAIN + ANEW + PLAIN + ANEW);
    });

    it('builds it after somebody else has installed it', async () => {
      const { folder, ensure, calls } = workspaceWithCopy();
      await ensure();
      rmSync(join(folder.path, RECORD));
      folder.write(RECORD, 'theirs');
      await ensure();
      expect(calls().endsWith(ANEW)).toBe(true);
    });

    it('takes no stale copy where a member is broken', async () => {
      const workspace = workspaceWithCopy();
      await workspace.ensure();
      workspace.folder.write('broken', '');
      workspace.folder.write('libs/a/pyproject.toml', '[project\n');
      await workspace.ensure();
      expect(workspace.warnings).toHaveLength(1);
      workspace.folder.write('libs/kit/src/my_kit/__init__.py', 'X = 2\n');
      expect(await rejectionOf(workspace.ensure())).toMatch(
        /^libs\/a\/pyproject\.toml: /,
      );
    });
  });

  it('asks for a lock file before anything else', async () => {
    const { root, ensure } = workspaceWith();
    rmSync(join(root, 'uv.lock'));
    expect(await rejectionOf(ensure())).toBe(
      'uv.lock: the lock file is missing\n  mend:     uv lock',
    );
    expect(existsSync(join(root, 'calls'))).toBe(false);
  });

  it('shows what uv says when it fails', async () => {
    const { ensure, warnings } = workspaceWith(
      'echo "error: the lock file needs to be updated" >&2; exit 1',
    );
    expect(await rejectionOf(ensure())).toBe(
      [
        'uv.lock: "uv sync --locked" could not make .venv true to the lock file',
        '  found:    error: the lock file needs to be updated',
        '  mend:     uv lock && nx sync',
      ].join('\n'),
    );
    expect(warnings).toEqual([]);
  });

  describe('with a member that is broken', () => {
    function breakMember({ folder }: ReturnType<typeof workspaceWith>): void {
      folder.write('broken', '');
      folder.write('libs/a/pyproject.toml', '[project\n');
    }
    const PROBLEM =
      /^libs\/a\/pyproject\.toml: line 1, column \d+: the file is not valid TOML\n/;

    it('warns and goes on while the environment is true to the lock file', async () => {
      const workspace = workspaceWith(FAILS_WHEN_BROKEN);
      await workspace.ensure();
      breakMember(workspace);
      const environment = await workspace.ensure();
      expect(environment.executable('ruff')).toBeTruthy();
      expect(workspace.warnings).toEqual([
        expect.stringMatching(PROBLEM) as unknown,
      ]);
      expect(workspace.warnings[0]).toContain(
        'until then the environment stays as it is',
      );
    });

    it('tells each of many tasks the warning alone', async () => {
      const workspace = workspaceWith(FAILS_WHEN_BROKEN);
      await workspace.ensure();
      breakMember(workspace);
      const ensure = ensureEnvironmentOnce(workspace.root);
      for (const task of [jest.fn(), jest.fn()]) {
        await ensure(task);
        // Nx's logger prints whatever else it is given.
        expect(task.mock.calls).toEqual([
          [expect.stringMatching(PROBLEM) as unknown],
        ]);
      }
    });

    it('names the member where the environment, that of some members alone, lacks a tool', async () => {
      const workspace = workspaceWith(FAILS_WHEN_BROKEN);
      await workspace.ensure();
      breakMember(workspace);
      rmSync(join(workspace.root, '.venv/bin/ruff'));
      const environment = await workspace.ensure();
      expect(failureOf(() => environment.executable('ruff'))).toMatch(PROBLEM);
    });

    it('fails, naming the file, where the environment was never made', async () => {
      const workspace = workspaceWith(FAILS_WHEN_BROKEN);
      breakMember(workspace);
      expect(await rejectionOf(workspace.ensure())).toMatch(PROBLEM);
      expect(workspace.warnings).toEqual([]);
    });

    it('fails where the lock file changed since', async () => {
      const workspace = workspaceWith(FAILS_WHEN_BROKEN);
      await workspace.ensure();
      breakMember(workspace);
      const lock = readFileSync(join(workspace.root, 'uv.lock'), 'utf8');
      workspace.folder.write('uv.lock', `${lock}\n# changed\n`);
      expect(await rejectionOf(workspace.ensure())).toMatch(PROBLEM);
    });

    it('fails where a healthy workspace cannot be synced, although the environment is true', async () => {
      const workspace = workspaceWith(FAILS_WHEN_BROKEN);
      await workspace.ensure();
      workspace.folder.write('broken', '');
      expect(await rejectionOf(workspace.ensure())).toContain(
        'found:    error: no TOML',
      );
    });
  });
});
