import { zipSync } from 'fflate';
import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  copySources,
  digestSources,
  listMemberSources,
  nameInGit,
} from './member-sources';
import { gitIgnored } from './git-ignored';
import { useTemporaryFolders } from './testing/samples';
import { isPureWheel, unpackWheel } from './wheel';

const temporaryFolder = useTemporaryFolders();

describe('listMemberSources', () => {
  it('lists what a wheel may be made from, and no leftovers', async () => {
    const root = temporaryFolder({
      '.gitignore': '*.log',
      'libs/kit/.gitignore': '',
      'libs/kit/pyproject.toml': '',
      'libs/kit/src/kit/__init__.py': '',
      'libs/kit/src/kit/.DS_Store': '',
      'libs/kit/src/kit/._data.json': '',
      'libs/kit/src/kit/Thumbs.db': '',
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
      await gitIgnored(root, ['libs/kit']),
    );
    expect(sources.map(({ path }) => path)).toEqual([
      '.gitignore',
      'libs/kit/.gitignore',
      'libs/kit/pyproject.toml',
      'libs/kit/src/kit/__init__.py',
      'libs/kit/src/kit/dist/kept.txt',
    ]);
  });

  it('leaves out what the repository has git ignore, and tells of it', async () => {
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
      await gitIgnored(root, ['libs/other', 'libs/kit']),
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

  it('names a file as git on macOS does', () => {
    const typed = 'e\u0301.json';
    expect(nameInGit(typed, 'darwin')).toBe('\u00e9.json');
    expect(nameInGit(typed, 'linux')).toBe(typed);
  });

  it('leaves out the same in a checkout of another user', async () => {
    const root = temporaryFolder({
      '.gitignore': '*.local\n',
      'kit/a.local': '',
    });
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    // By which git's own tests have it refuse a repository: https://github.com/git/git/blob/v2.39.5/setup.c
    process.env['GIT_TEST_ASSUME_DIFFERENT_OWNER'] = '1';
    try {
      expect((await gitIgnored(root, ['kit']))('kit/a.local')).toBe(true);
    } finally {
      delete process.env['GIT_TEST_ASSUME_DIFFERENT_OWNER'];
    }
  });

  it('has another digest after any change, and the same in any folder', () => {
    const files = { 'kit/a.py': 'a', 'kit/b.py': 'b' };
    const digestsOf = (root: string) =>
      digestSources(
        listMemberSources(root, 'kit', join(root, 'dist'), () => false),
      ).map(({ path, digest }) => ({ path, digest }));
    const [one, two] = [temporaryFolder(files), temporaryFolder(files)];
    expect(digestsOf(one)).toEqual(digestsOf(two));
    writeFileSync(join(two, 'kit/b.py'), 'c');
    expect(digestsOf(one)).not.toEqual(digestsOf(two));
  });

  it('gives no content but the one that the digest is of', () => {
    const root = temporaryFolder({ 'kit/a.py': 'a' });
    const sources = digestSources(
      listMemberSources(root, 'kit', join(root, 'dist'), () => false),
    );
    copySources(sources, join(root, 'copy'));
    expect(readFileSync(join(root, 'copy/kit/a.py'), 'utf8')).toBe('a');
    writeFileSync(join(root, 'kit/a.py'), 'b');
    expect(() => {
      copySources(sources, join(root, 'copy'));
    }).toThrow('kit/a.py: the file was changed while it was packed');
  });
});

describe('unpackWheel', () => {
  it('puts data folders where an installer does', async () => {
    const text = Buffer.from('x');
    const { files, metadata } = await unpackWheel(
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
