import { logger } from '@nx/devkit';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejectionOf } from '../../testing/errors';
import { fakeLockingUv } from '../../testing/fake-locking-uv';
import { fakeUv } from '../../testing/fake-python';
import { lockText } from '../../testing/lock-files';
import type { LockedFixture } from '../../testing/lock-files';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import { changesOf, useTrees } from '../../testing/trees';
import syncGenerator from './generator';

const trees = useTrees();
const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

const member = (name: string, source: string): LockedFixture => ({
  name,
  source,
  lines: [`dependencies = [{ name = "of-${name}" }]`],
});
const LOCK = lockText(
  [
    member('a', '{ editable = "libs/a" }'),
    member('b', '{ virtual = "libs/b" }'),
    member('acme', '{ editable = "." }'),
    member('vendored', '{ directory = "vendor/foo" }'),
    { name: 'of-a', hash: 'a0' },
    { name: 'of-b', hash: 'b0' },
  ],
  ['members = ["a", "acme", "b"]'],
);

function uv() {
  const fake = fakeLockingUv(makeFolder(), undefined);
  setEnvironment({ LAMBDA_PY_UV: fake.command });
  return fake;
}

/** A workspace whose requirements are true to the lock file. */
async function syncedTree() {
  const tree = trees.make({ 'uv.lock': LOCK });
  uv();
  await syncGenerator(tree);
  return trees.settle(tree);
}

describe('the generator sync', () => {
  it('exports every member, and the toolchain', async () => {
    const tree = trees.make({ 'uv.lock': LOCK });
    const { calls } = uv();
    expect(await syncGenerator(tree)).toMatchObject({
      outOfSyncMessage:
        '3 locked requirements are not what uv.lock says: requirements-dev.txt, libs/a/requirements.txt, libs/b/requirements.txt',
    });
    expect(Object.keys(changesOf(tree)).sort()).toEqual([
      'libs/a/requirements.txt',
      'libs/b/requirements.txt',
      'requirements-dev.txt',
    ]);
    expect(calls()).toHaveLength(3);
  });

  it('does nothing, and runs no uv, when it runs again', async () => {
    const tree = await syncedTree();
    const { calls } = uv();
    expect(await syncGenerator(tree)).toEqual({});
    expect(changesOf(tree)).toEqual({});
    expect(calls()).toEqual([]);
  });

  it.each<[string, (tree: ReturnType<typeof trees.make>) => void]>([
    [
      'whose closure changed',
      (tree) => {
        tree.write('uv.lock', LOCK.replace('sha256:a0', 'sha256:a1'));
      },
    ],
    [
      'that was edited',
      (tree) => {
        const file = 'libs/a/requirements.txt';
        tree.write(file, `${tree.read(file, 'utf8') ?? ''}x==1\n`);
      },
    ],
    [
      'that is missing',
      (tree) => {
        tree.delete('libs/a/requirements.txt');
      },
    ],
  ])('exports the one member %s', async (_, change) => {
    const tree = await syncedTree();
    const { calls } = uv();
    change(tree);
    expect((await syncGenerator(tree)).outOfSyncMessage).toBe(
      '1 locked requirements are not what uv.lock says: libs/a/requirements.txt',
    );
    expect(calls()).toEqual([expect.stringContaining('--package a ')]);
  });

  describe('once its files are written', () => {
    /** What the generator has Nx do in an environment that holds a tool, or does not. */
    async function afterSync(tool: string, sync?: string) {
      const tree = await syncedTree();
      const folder = makeFolder();
      const calls = folder.write('calls', '');
      const command = folder.script(
        'uv',
        ...fakeUv('0.13.9'),
        `echo "$*" >> "${calls}"`,
        ...(sync === undefined ? [] : [sync]),
      );
      setEnvironment({ LAMBDA_PY_UV: command });
      tree.delete('libs/a/requirements.txt');
      mkdirSync(join(tree.root, '.venv/bin'), { recursive: true });
      writeFileSync(join(tree.root, '.venv/bin', tool), '');
      const { callback } = await syncGenerator(tree);
      writeFileSync(calls, '');
      await callback?.();
      return { command, calls: readFileSync(calls, 'utf8') };
    }

    it('installs the toolchain that "uv remove --package" has dropped', async () => {
      expect((await afterSync('python')).calls).toBe(
        'sync --all-packages --locked\n',
      );
    });

    it('leaves an environment alone that has it', async () => {
      expect((await afterSync('ruff')).calls).toBe('');
    });

    it('warns with the command that mends it where uv cannot', async () => {
      const warn = jest.spyOn(logger, 'warn').mockImplementation();
      const { command } = await afterSync(
        'python',
        '[ "$1" != sync ] || { echo "no index" >&2; exit 1; }',
      );
      expect(warn.mock.calls).toEqual([
        [
          [
            'the environment has no toolchain, and uv could not install it',
            '  found:    no index',
            `  mend:     ${command} sync --all-packages`,
          ].join('\n'),
        ],
      ]);
      warn.mockRestore();
    });
  });

  describe('for a team that uses pip-tools', () => {
    const PIP_TOOLS = {
      'pyproject.toml': '[tool.lambda-py]\npip-tools = true\n',
      'uv.lock': LOCK.replace(
        'dependencies = [{ name = "of-a" }]',
        'dependencies = [{ name = "of-a" }]\n[package.metadata]\nrequires-dist = [{ name = "of-a", specifier = ">=1" }]',
      ).replaceAll(
        /dependencies = \[\{ name = "(of-b|of-acme|of-vendored)" \}\]/g,
        '',
      ),
    };

    async function syncedForPipTools() {
      const tree = trees.make(PIP_TOOLS);
      uv();
      await syncGenerator(tree);
      return trees.settle(tree);
    }

    it('writes what each member asks for, and compares both forms', async () => {
      const tree = trees.make(PIP_TOOLS);
      const { calls } = uv();
      expect((await syncGenerator(tree)).outOfSyncMessage).toContain(
        '; 3 direct requirements are not what uv.lock says: requirements-dev.in, libs/a/requirements.in, libs/b/requirements.in',
      );
      expect(tree.read('libs/a/requirements.in', 'utf8')).toMatch(
        /\nof-a>=1 {2}# a\n$/,
      );
      // What two of them ask alike is asked once.
      const compiled = calls().filter((call) => call.startsWith('pip compile'));
      expect(compiled).toHaveLength(2);
      expect(compiled[0]).toContain('--universal');
      expect(compiled[0]).toContain('--python-version 3.11');
    });

    it('does nothing, and runs no uv, when it runs again', async () => {
      const tree = await syncedForPipTools();
      const { calls } = uv();
      expect(await syncGenerator(tree)).toEqual({});
      expect(changesOf(tree)).toEqual({});
      expect(calls()).toEqual([]);
    });

    it('writes the one whose specifier alone changed', async () => {
      const tree = await syncedForPipTools();
      const { calls } = uv();
      tree.write(
        'uv.lock',
        PIP_TOOLS['uv.lock'].replace('specifier = ">=1"', 'specifier = ">=0"'),
      );
      expect(await syncGenerator(tree)).toMatchObject({
        outOfSyncMessage:
          '1 direct requirements are not what uv.lock says: libs/a/requirements.in',
      });
      expect(calls()).toEqual([expect.stringMatching(/^pip compile /)]);
    });

    it('compares again where the pins alone changed', async () => {
      const tree = await syncedForPipTools();
      const { calls } = uv();
      tree.write(
        'uv.lock',
        PIP_TOOLS['uv.lock'].replace('sha256:a0', 'sha256:a1'),
      );
      expect((await syncGenerator(tree)).outOfSyncMessage).not.toContain(
        'direct',
      );
      expect(calls()).toEqual([
        expect.stringContaining('--package a '),
        expect.stringMatching(/^pip compile /),
      ]);
    });

    it('refuses to overwrite an edit, and to do half of the rest', async () => {
      const tree = await syncedForPipTools();
      uv();
      const file = 'libs/a/requirements.in';
      const edited = `${tree.read(file, 'utf8') ?? ''}requests>=2\n`;
      tree.write(file, edited);
      tree.delete('libs/b/requirements.in');
      const settled = trees.settle(tree);
      expect(await rejectionOf(syncGenerator(settled))).toContain(
        "mend:     uv add --package a 'requests>=2' && nx sync",
      );
      expect(changesOf(settled)).toEqual({});
    });
  });

  it('has nothing to do before the workspace is locked', async () => {
    const tree = trees.make();
    expect(await syncGenerator(tree)).toEqual({});
    expect(changesOf(tree)).toEqual({});
  });

  it('says so when the lock file is broken', async () => {
    const tree = trees.make({ 'uv.lock': '<<<<<<< HEAD\n' });
    expect(await rejectionOf(syncGenerator(tree))).toContain(
      'uv.lock: line 1: the file has merge conflict markers',
    );
    expect(changesOf(tree)).toEqual({});
  });
});
