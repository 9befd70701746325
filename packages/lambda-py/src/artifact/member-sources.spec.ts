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

const sourcesOf = (workspaceRoot: string, projectRoot: string) => ({
  workspaceRoot,
  projectRoot,
  outputFolder: join(workspaceRoot, 'dist'),
  isIgnored: () => false,
});

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
    const { files, leftOut } = listMemberSources({
      workspaceRoot: root,
      projectRoot: 'libs/kit',
      outputFolder: join(root, 'libs/kit/out'),
      isIgnored: await gitIgnored(root, ['libs/kit']),
    });
    expect(leftOut).toEqual([]);
    expect(files.map(({ path }) => path)).toEqual([
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
    const { files, leftOut } = listMemberSources({
      ...sourcesOf(root, 'libs/kit'),
      isIgnored: await gitIgnored(root, ['libs/other', 'libs/kit']),
    });
    expect(files.map(({ path }) => path)).toEqual([
      '.gitignore',
      'libs/kit/.gitignore',
      'libs/kit/src/kit/a.py',
      'libs/kit/src/kit/excluded.py',
    ]);
    expect(leftOut.map(({ path }) => path).sort()).toEqual([
      'libs/kit/src/kit/b.local',
      'libs/kit/src/kit/generated/c.py',
      'libs/kit/src/kit/tracked.txt',
    ]);
  });

  it.each([
    ['at the top of the repository', ''],
    ['in a folder of the repository', 'python/'],
  ])('leaves out what Nx is told to ignore %s', async (_, above) => {
    const repository = temporaryFolder({
      [`${above}.gitignore`]: 'made.py\n',
      [`${above}.nxignore`]:
        '# ours\n*.csv  \n\n/kit/src/kit/data/\r\n!made.py\nkit/a.py\n',
      [`${above}kit/a.py`]: '',
      [`${above}kit/src/kit/a.py`]: '',
      [`${above}kit/src/kit/b.csv`]: '',
      [`${above}kit/src/kit/made.py`]: '',
      [`${above}kit/src/kit/data/one.json`]: '',
    });
    execFileSync('git', ['init', '--quiet'], { cwd: repository });
    execFileSync('git', ['add', '.'], { cwd: repository });
    const root = join(repository, above);
    const { files } = listMemberSources({
      ...sourcesOf(root, 'kit'),
      isIgnored: await gitIgnored(root, ['kit']),
    });
    expect(files.map(({ path }) => path)).toEqual([
      '.gitignore',
      'kit/src/kit/a.py',
      'kit/src/kit/made.py',
    ]);
  });

  it('takes a link for a source where it leads to one, and else tells of it', () => {
    const root = temporaryFolder({
      'shared/limits.py': '',
      'kit/src/kit/a.py': 'a',
      'kit/src/kit/generated.py': '',
      'kit/src/kit/data/one.json': '',
      'kit/docs/intro.md': '',
      'kit/tests/data.json': '',
    });
    const link = (path: string, target: string) => {
      symlinkSync(target, join(root, 'kit', path));
    };
    link('src/kit/b.py', 'a.py');
    link('tests/intro.md', '../docs/intro.md');
    link('src/kit/limits.py', '../../../shared/limits.py');
    link('src/kit/shared', '../../../shared');
    link('src/kit/current', 'data');
    link('src/kit/made.py', 'generated.py');
    link('src/kit/intro.md', '../../docs/intro.md');
    link('src/kit/itself', 'itself');
    link('.venv', '../shared');
    const { files, leftOut } = listMemberSources({
      ...sourcesOf(root, 'kit'),
      isIgnored: (path) => path === 'kit/src/kit/generated.py',
    });
    expect(files.map(({ path }) => path)).toEqual([
      'kit/docs/intro.md',
      'kit/src/kit/a.py',
      'kit/src/kit/b.py',
      'kit/src/kit/data/one.json',
      'kit/tests/data.json',
      'kit/tests/intro.md',
    ]);
    expect(
      Object.fromEntries(
        leftOut
          .filter(({ reason }) => reason === 'link')
          .map(({ pathInProject, target }) => [pathInProject, target]),
      ),
    ).toEqual({
      'src/kit/limits.py': 'shared/limits.py',
      'src/kit/shared': 'shared',
      'src/kit/current': 'kit/src/kit/data',
      'src/kit/made.py': 'kit/src/kit/generated.py',
      'src/kit/intro.md': 'kit/docs/intro.md',
    });
  });

  it('leaves out the folders of other projects', () => {
    const root = temporaryFolder({
      'kit/src/kit/a.py': '',
      'kit/src/kit/web/index.html': '',
    });
    const { files, leftOut } = listMemberSources({
      ...sourcesOf(root, 'kit'),
      projectFolders: new Set(['.', 'kit', 'kit/src/kit/web']),
    });
    expect(files.map(({ path }) => path)).toEqual(['kit/src/kit/a.py']);
    expect(leftOut).toEqual([
      {
        path: 'kit/src/kit/web',
        pathInProject: 'src/kit/web',
        reason: 'project',
      },
    ]);
  });

  it('refuses a name that is not UTF-8', () => {
    const root = temporaryFolder({ 'libs/kit/a\uFFFD.py': '' });
    const request = {
      workspaceRoot: root,
      projectRoot: 'libs/kit',
      outputFolder: join(root, 'dist'),
      isIgnored: () => false,
    };
    expect(listMemberSources(request).files).toHaveLength(1);
    writeFileSync(
      Buffer.concat([
        Buffer.from(`${root}/libs/kit/m`),
        Buffer.from([0xe9]),
        Buffer.from('.py'),
      ]),
      '',
    );
    expect(() => listMemberSources(request)).toThrow(
      'libs/kit/m\uFFFD.py: the name of the file is not UTF-8',
    );
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
      digestSources(listMemberSources(sourcesOf(root, 'kit')).files).map(
        ({ path, digest }) => ({ path, digest }),
      );
    const [one, two] = [temporaryFolder(files), temporaryFolder(files)];
    expect(digestsOf(one)).toEqual(digestsOf(two));
    writeFileSync(join(two, 'kit/b.py'), 'c');
    expect(digestsOf(one)).not.toEqual(digestsOf(two));
  });

  it('gives no content but the one that the digest is of', () => {
    const root = temporaryFolder({ 'kit/a.py': 'a' });
    const sources = digestSources(
      listMemberSources(sourcesOf(root, 'kit')).files,
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
