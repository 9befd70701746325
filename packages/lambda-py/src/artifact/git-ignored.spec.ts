import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { useEnvironment } from '../testing/temporary-folder';
import { gitEnvironment, gitIgnored } from './git-ignored';
import { useTemporaryFolders, writeFiles } from './testing/samples';
import type { Files } from './testing/samples';

const temporaryFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' });
}

/** A folder in which a repository has been started, in a folder of it or in itself. */
function repository(files: Files, ...folders: readonly string[]): string {
  const root = temporaryFolder(files);
  for (const folder of ['.', ...folders]) {
    git(join(root, folder), 'init', '--quiet');
  }
  return root;
}

/** Puts a git on PATH that counts how often it is started. */
function countedGit(): () => number {
  const folder = temporaryFolder();
  const real = execFileSync('sh', ['-c', 'command -v git'], {
    encoding: 'utf8',
  }).trim();
  const log = join(folder, 'log');
  writeFileSync(log, '');
  writeFileSync(
    join(folder, 'git'),
    `#!/bin/sh\necho >> '${log}'\nexec '${real}' "$@"\n`,
    { mode: 0o755 },
  );
  setEnvironment({ PATH: `${folder}:${process.env['PATH'] ?? ''}` });
  return () => readFileSync(log, 'utf8').length;
}

describe('gitIgnored', () => {
  it('starts git once in a repository without others in it', async () => {
    const root = repository({
      '.gitignore': '*.env\n',
      'libs/kit/src/a.env': '',
      'libs/other/src/a.py': '',
    });
    const starts = countedGit();
    const isIgnored = await gitIgnored(root, ['libs/kit', 'libs/other']);
    expect(isIgnored('libs/kit/src/a.env')).toBe(true);
    expect(isIgnored('libs/other/src/a.py')).toBe(false);
    expect(starts()).toBe(1);
  });

  it('asks a repository in the repository itself, wherever the folder is', async () => {
    const root = repository(
      {
        'libs/nested/.gitignore': 'secret.env\n',
        'libs/nested/kit/secret.env': '',
        'libs/nested/kit/a.py': '',
        'libs/nested/kit/deeper/.gitignore': 'gen.py\n',
        'libs/nested/kit/deeper/gen.py': '',
      },
      'libs/nested',
      'libs/nested/kit/deeper',
    );
    for (const folder of [
      '.',
      'libs',
      'libs/nested',
      'libs/nested/kit',
      'libs/nested/kit/deeper',
    ]) {
      const isIgnored = await gitIgnored(root, [folder]);
      expect(isIgnored('libs/nested/kit/deeper/gen.py')).toBe(true);
      expect(isIgnored('libs/nested/kit/a.py')).toBe(false);
      if (folder.endsWith('deeper')) continue;
      expect(isIgnored('libs/nested/kit/secret.env')).toBe(true);
    }
  });

  it('asks a submodule, whose .git is a file', async () => {
    const source = repository({ '.gitignore': 'secret.env\n', 'a.py': '' });
    git(source, 'add', '.');
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    git(source, ...author, 'commit', '--quiet', '--message', 'a');
    const root = repository({ 'libs/kit/a.py': '' });
    git(
      root,
      ...['-c', 'protocol.file.allow=always'],
      ...['submodule', '--quiet', 'add', source, 'libs/subm'],
    );
    writeFiles(root, { 'libs/subm/src/secret.env': '' });
    const isIgnored = await gitIgnored(root, ['libs/kit', 'libs/subm']);
    expect(isIgnored('libs/subm/src/secret.env')).toBe(true);
    expect(isIgnored('libs/subm/a.py')).toBe(false);
  });

  it('asks a repository in a workspace that is in none', async () => {
    const root = temporaryFolder({
      'kit/.gitignore': '*.env\n',
      'kit/a.env': '',
    });
    git(join(root, 'kit'), 'init', '--quiet');
    expect((await gitIgnored(root, ['kit']))('kit/a.env')).toBe(true);
  });

  it('goes by the .nxignore of the workspace in each of them', async () => {
    const root = repository(
      {
        '.nxignore': '*.csv\n/libs/nested/data/\n',
        'libs/nested/a.csv': '',
        'libs/nested/data/a.json': '',
        'libs/nested/kit/data/a.json': '',
      },
      'libs/nested',
    );
    const isIgnored = await gitIgnored(root, ['libs/nested']);
    expect(isIgnored('libs/nested/a.csv')).toBe(true);
    expect(isIgnored('libs/nested/data/a.json')).toBe(true);
    expect(isIgnored('libs/nested/kit/data/a.json')).toBe(false);
  });

  it("goes by ripgrep's .ignore as Nx does, where .nxignore says nothing else", async () => {
    const root = repository({
      '.gitignore': '*.env\n',
      '.ignore': '*_pb2.py\n!seen.env\n',
      '.nxignore': '!kit_pb2.py\n',
      'kit/a_pb2.py': '',
      'kit/kit_pb2.py': '',
      'kit/seen.env': '',
      'kit/other.env': '',
    });
    const isIgnored = await gitIgnored(root, ['kit']);
    expect(isIgnored('kit/a_pb2.py')).toBe(true);
    expect(isIgnored('kit/kit_pb2.py')).toBe(false);
    expect(isIgnored('kit/seen.env')).toBe(false);
    expect(isIgnored('kit/other.env')).toBe(true);
  });

  it('goes by the .nxignore of a workspace that a link leads to', async () => {
    const root = repository({
      'acme/.nxignore': '/kit/made.py\n',
      'acme/kit/made.py': '',
    });
    const link = join(temporaryFolder(), 'link');
    symlinkSync(join(root, 'acme'), link);
    expect((await gitIgnored(link, ['kit']))('kit/made.py')).toBe(true);
  });

  it('does not ask a repository that is ignored, or that no source is in', async () => {
    const root = repository({
      '.gitignore': 'vendor/\n',
      'kit/vendor/broken/.git': 'gitdir: nowhere\n',
      'kit/node_modules/broken/.git': 'gitdir: nowhere\n',
    });
    const isIgnored = await gitIgnored(root, ['kit']);
    expect(isIgnored('kit/vendor/broken/a.py')).toBe(true);
  });

  it('goes by the repository of the folder, whatever one the environment names', async () => {
    const root = repository({ '.gitignore': '*.env\n', 'kit/a.env': '' });
    const other = repository({});
    setEnvironment({
      GIT_DIR: join(other, '.git'),
      GIT_WORK_TREE: other,
      GIT_INDEX_FILE: join(other, '.git/index'),
    });
    expect((await gitIgnored(root, ['kit']))('kit/a.env')).toBe(true);
  });

  it('refuses a repository that git cannot read', async () => {
    const root = repository({ '.gitignore': '*.env\n', 'kit/a.env': '' });
    git(root, 'add', '.');
    writeFileSync(join(root, '.git/index'), 'damaged');
    await expect(gitIgnored(root, ['kit'])).rejects.toThrow(
      /^\.git: git cannot tell which files it ignores[^]*\n {2}found: {4}[^]*index[^]*mend: .*"git status"/,
    );
  });

  it('refuses a .git that leads nowhere', async () => {
    const root = repository({ 'kit/.git': 'gitdir: nowhere\n' });
    await expect(gitIgnored(root, ['kit'])).rejects.toThrow(
      /^kit\/\.git: [^]*not a git repository: [^]*"git -C kit status"/,
    );
  });

  it('knows of nothing without a repository, in any language, and without git', async () => {
    const root = temporaryFolder({ '.gitignore': 'a.env\n', 'kit/a.env': '' });
    setEnvironment({ LANGUAGE: 'de', LANG: 'de_DE.UTF-8' });
    expect((await gitIgnored(root, ['kit']))('kit/a.env')).toBe(false);
    git(root, 'init', '--quiet');
    mkdirSync(join(root, 'empty'));
    setEnvironment({ PATH: join(root, 'empty') });
    expect((await gitIgnored(root, ['kit']))('kit/a.env')).toBe(false);
  });

  it('takes a folder that is not there', async () => {
    const root = repository({ 'kit/a.py': '' });
    rmSync(join(root, 'kit'), { recursive: true });
    expect((await gitIgnored(root, ['kit']))('kit/a.py')).toBe(false);
  });
});

it('gitEnvironment: leaves out all variables that are local to a repository', () => {
  const local = git('.', 'rev-parse', '--local-env-vars').trim().split('\n');
  const env = Object.fromEntries(local.map((name) => [name, 'x']));
  expect(
    gitEnvironment({ ...env, git_dir: 'x', PATH: '/bin', GIT_TRACE: '1' }),
  ).toEqual({ PATH: '/bin', GIT_TRACE: '1', LANGUAGE: 'C', LC_ALL: 'C' });
});
