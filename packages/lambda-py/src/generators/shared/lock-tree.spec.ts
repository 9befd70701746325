import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { rejectionOf } from '../../testing/errors';
import { fakeLockingUv } from '../../testing/fake-locking-uv';
import { lockText } from '../../testing/lock-files';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import { changesOf, useTrees } from '../../testing/trees';
import libraryGenerator from '../library/generator';
import { lockTree } from './lock-tree';

const trees = useTrees();
const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

const MEMBERS = {
  'pyproject.toml': '[tool.uv.workspace]\nmembers = ["libs/*", "libs/a/*"]\n',
  'libs/a/pyproject.toml': '[project]\nname = "a"\n',
  'libs/a/src/a.py': 'A = 1\n',
  'libs/a/nested/pyproject.toml': '[project]\nname = "nested"\n',
  'libs/a/nested/src/nested.py': 'N = 1\n',
};
const LOCK = lockText(
  [
    { name: 'a', source: '{ editable = "libs/a" }' },
    { name: 'nested', source: '{ editable = "libs/a/nested" }' },
    { name: 'vendored', source: '{ directory = "vendor/foo" }' },
  ],
  ['members = ["a", "nested"]'],
);

function uv(lock: string | undefined, beforeLock?: string) {
  const folder = makeFolder();
  const fake = fakeLockingUv(folder, lock, beforeLock);
  setEnvironment({ LAMBDA_PY_UV: fake.command });
  return { ...fake, folder };
}

describe('lockTree', () => {
  it('writes uv.lock and the requirements of the members alone into the tree', async () => {
    const tree = trees.make(MEMBERS);
    const { calls } = uv(LOCK);
    await lockTree(tree);
    const changes = changesOf(tree);
    expect(Object.keys(changes).sort()).toEqual([
      'libs/a/nested/requirements.txt',
      'libs/a/requirements.txt',
      'requirements-dev.txt',
      'uv.lock',
    ]);
    expect(changes['uv.lock']).toBe(LOCK);
    expect(changes['libs/a/requirements.txt']).toContain('--package a ');
    expect(calls()[0]).toMatch(/^lock --quiet --python \/\S+\/python3$/);
    expect(existsSync(join(tree.root, 'uv.lock'))).toBe(false);
  });

  it('exports only what is not true any more', async () => {
    const tree = trees.make(MEMBERS);
    uv(LOCK);
    await lockTree(tree);
    const settled = trees.settle(tree);
    const same = uv(LOCK);
    await lockTree(settled);
    expect(changesOf(settled)).toEqual({});
    expect(same.calls()).toHaveLength(1);
    const changed = trees.settle(settled);
    const next = uv(
      LOCK.replace(
        '{ editable = "libs/a/nested" }',
        '{ editable = "libs/a/nested" }\ndependencies = [{ name = "boto3" }]',
      ),
    );
    await lockTree(changed);
    expect(Object.keys(changesOf(changed)).sort()).toEqual([
      'libs/a/nested/requirements.txt',
      'uv.lock',
    ]);
    expect(next.calls()).toHaveLength(2);
  });

  it('leaves the tree as it is when uv cannot lock', async () => {
    const tree = trees.make(MEMBERS);
    const scratch = makeFolder().path;
    uv(undefined);
    // As on macOS.
    const link = join(makeFolder().path, 'tmp');
    symlinkSync(scratch, link);
    jest.spyOn(os, 'tmpdir').mockReturnValue(link);
    const message = await rejectionOf(lockTree(tree));
    jest.restoreAllMocks();
    expect(message).toBe(
      [
        'uv.lock: uv could not lock the workspace; nothing was written',
        '  found:    error: no index below .',
        '  mend:     mend that, or use --skipLock and run "uv lock && nx sync" later',
      ].join('\n'),
    );
    expect(changesOf(tree)).toEqual({});
    expect(readdirSync(scratch)).toEqual([]);
  });

  it('shows uv a file that is broken, so that uv tells of it', async () => {
    const tree = trees.make({ ...MEMBERS, 'libs/x/pyproject.toml': 'name =' });
    const { folder } = uv(
      LOCK,
      '/bin/cat libs/x/pyproject.toml > "${0%/*}/seen"; echo "# by uv" >> libs/x/pyproject.toml',
    );
    await lockTree(tree);
    expect(readFileSync(join(folder.path, 'seen'), 'utf8')).toBe('name =');
    expect(readFileSync(join(tree.root, 'libs/x/pyproject.toml'), 'utf8')).toBe(
      'name =',
    );
  });

  it('shows uv the pending files and the sources, and lets it write none of the user’s', async () => {
    const tree = trees.make({ ...MEMBERS, '.python-version': '3.12\n' });
    tree.write('libs/b/pyproject.toml', '[project]\nname = "b"\n');
    tree.write('libs/a/pyproject.toml', '[project]\nname = "a"\n# pending\n');
    const { folder } = uv(
      LOCK,
      [
        'out=${0%/*}/seen',
        '/bin/cat pyproject.toml .python-version libs/b/pyproject.toml libs/a/pyproject.toml libs/a/src/a.py libs/a/nested/src/nested.py > "$out"',
        'for file in pyproject.toml libs/a/pyproject.toml libs/a/nested/pyproject.toml; do echo "# by uv" >> $file; done',
      ].join('\n'),
    );
    await lockTree(tree);
    expect(readFileSync(join(folder.path, 'seen'), 'utf8')).toBe(
      [
        MEMBERS['pyproject.toml'],
        '3.12\n',
        '[project]\nname = "b"\n',
        '[project]\nname = "a"\n# pending\n',
        'A = 1\n',
        'N = 1\n',
      ].join(''),
    );
    for (const file of [
      'pyproject.toml',
      'libs/a/pyproject.toml',
      'libs/a/nested/pyproject.toml',
    ] as const) {
      expect(readFileSync(join(tree.root, file), 'utf8')).toBe(MEMBERS[file]);
    }
  });
});

describe('a generator that locks', () => {
  const NEW = lockText([
    { name: 'contracts', source: '{ editable = "libs/contracts" }' },
  ]);

  it('locks, changes nothing the second time, and installs once the tree is written', async () => {
    const tree = trees.make();
    const { calls } = uv(NEW);
    const finish = await libraryGenerator(tree, { name: 'contracts' });
    expect(Object.keys(changesOf(tree))).toEqual(
      expect.arrayContaining([
        'uv.lock',
        'requirements-dev.txt',
        'libs/contracts/requirements.txt',
      ]),
    );
    expect(calls().some((call) => call.startsWith('sync'))).toBe(false);
    await finish();
    expect(calls().at(-1)).toMatch(
      /^sync --all-packages --python \S+ --locked$/,
    );
    const again = trees.settle(tree);
    uv(NEW);
    await libraryGenerator(again, { name: 'contracts' });
    expect(changesOf(again)).toEqual({});
  });

  it('says that the files are written when uv cannot install', async () => {
    const tree = trees.make();
    const { command, folder } = uv(NEW);
    const finish = await libraryGenerator(tree, { name: 'contracts' });
    const script = readFileSync(command, 'utf8');
    folder.script(
      'uv',
      script.replace('sync) : ;;', 'sync) echo "no wheel" >&2; exit 1 ;;'),
    );
    expect(await rejectionOf(Promise.resolve(finish()))).toBe(
      [
        'the files are written, but uv could not install the environment',
        '  found:    no wheel',
        `  mend:     ${command} sync --all-packages`,
      ].join('\n'),
    );
  });

  it('fails before anything reaches the disk when uv cannot lock', async () => {
    const tree = trees.make();
    const files = readdirSync(tree.root);
    uv(undefined);
    expect(
      await rejectionOf(libraryGenerator(tree, { name: 'contracts' })),
    ).toContain('uv could not lock the workspace; nothing was written');
    expect(readdirSync(tree.root)).toEqual(files);
  });
});
