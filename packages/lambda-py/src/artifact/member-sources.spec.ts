import { zipSync } from 'fflate';
import { execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestSources, listMemberSources } from './member-sources';
import { gitIgnored } from './git-ignored';
import { useTemporaryFolders } from './testing/samples';
import { isPureWheel, unpackWheel } from './wheel';

const temporaryFolder = useTemporaryFolders();

describe('listMemberSources', () => {
  it('lists what a wheel may be made from, and no leftovers', () => {
    const root = temporaryFolder({
      '.gitignore': '*.log',
      'libs/kit/.gitignore': '',
      'libs/kit/pyproject.toml': '',
      'libs/kit/src/kit/__init__.py': '',
      'libs/kit/src/kit/__pycache__/a.pyc': '',
      'libs/kit/src/kit/dist/kept.txt': '',
      'libs/kit/src/kit.egg-info/PKG-INFO': '',
      'libs/kit/.venv/bin/python': '',
      'libs/kit/build/lib/kit/deleted.py': '',
      'libs/kit/dist/kit.zip': '',
      'libs/kit/out/kit.zip': '',
      'libs/other/a.py': '',
    });
    symlinkSync('..', join(root, 'libs/kit/src/loop'));
    symlinkSync('nowhere', join(root, 'libs/kit/dangling'));
    const sources = listMemberSources(
      root,
      'libs/kit',
      join(root, 'libs/kit/out'),
      gitIgnored(root, ['libs/kit']),
    );
    expect(sources.map(({ path }) => path)).toEqual([
      '.gitignore',
      'libs/kit/.gitignore',
      'libs/kit/pyproject.toml',
      'libs/kit/src/kit/__init__.py',
      'libs/kit/src/kit/dist/kept.txt',
    ]);
  });

  it('leaves out what the repository has git ignore, and tells of it', () => {
    const root = temporaryFolder({
      '.gitignore': '*.local\ngenerated/\n',
      'libs/kit/.gitignore': 'tracked.txt\n',
      'libs/kit/src/kit/a.py': '',
      'libs/kit/src/kit/b.local': '',
      'libs/kit/src/kit/tracked.txt': '',
      'libs/kit/src/kit/generated/c.py': '',
      'libs/kit/src/kit/excluded.py': '',
    });
    const git = (...args: readonly string[]) =>
      execFileSync('git', args, { cwd: root });
    git('init', '--quiet');
    git('add', '--force', 'libs/kit/src/kit/tracked.txt');
    // One user's own.
    writeFileSync(join(root, '.git/info/exclude'), 'excluded.py\n');
    const ignored: string[] = [];
    const sources = listMemberSources(
      root,
      'libs/kit',
      join(root, 'dist'),
      gitIgnored(root, ['libs/other', 'libs/kit']),
      (path) => ignored.push(path),
    );
    expect(sources.map(({ path }) => path)).toEqual([
      '.gitignore',
      'libs/kit/.gitignore',
      'libs/kit/src/kit/a.py',
      'libs/kit/src/kit/excluded.py',
    ]);
    expect(ignored.sort()).toEqual([
      'libs/kit/src/kit/b.local',
      'libs/kit/src/kit/generated/c.py',
      'libs/kit/src/kit/tracked.txt',
    ]);
  });

  it('has another digest after any change, and the same in any folder', () => {
    const files = { 'kit/a.py': 'a', 'kit/b.py': 'b' };
    const digestOf = (root: string) =>
      digestSources(
        listMemberSources(root, 'kit', join(root, 'dist'), () => false),
      );
    const [one, two] = [temporaryFolder(files), temporaryFolder(files)];
    expect(digestOf(one)).toBe(digestOf(two));
    writeFileSync(join(two, 'kit/b.py'), 'c');
    expect(digestOf(one)).not.toBe(digestOf(two));
  });
});

describe('unpackWheel', () => {
  it('puts data folders where an installer does', () => {
    const text = Buffer.from('x');
    const { files, metadata } = unpackWheel(
      zipSync({
        'kit/': new Uint8Array(),
        'kit/a.py': text,
        'kit-1.0.data/purelib/pure.py': text,
        'kit-1.0.data/data/share/x': text,
        'kit-1.0.data/scripts/run': text,
        'kit-1.0.data/headers/kit.h': text,
        'kit-1.0.dist-info/METADATA': Buffer.from('Name: kit'),
      }),
    );
    expect(files.map(({ path }) => path)).toEqual([
      'kit/a.py',
      'pure.py',
      'share/x',
      'kit-1.0.dist-info/METADATA',
    ]);
    expect(metadata).toBe('Name: kit');
  });

  it.each([
    ['kit-1.0-py3-none-any.whl', true],
    ['kit-1.0-1-py2.py3-none-any.whl', true],
    ['kit-1.0-cp311-cp311-linux_x86_64.whl', false],
    ['kit-1.0-py3-none-linux_x86_64.whl', false],
  ])('%s is pure: %s', (name, pure) => {
    expect(isPureWheel(name)).toBe(pure);
  });
});
