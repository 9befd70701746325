import { failureOf } from '../testing/errors';
import { lockText } from '../testing/lock-files';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { memberOf, parseLockFile, readLockFile } from './lock-file';

const makeFolder = useTemporaryFolders();

describe('parseLockFile', () => {
  it('reads packages by their normalised name, a forked one in each version', () => {
    const { packages, requiresPython } = parseLockFile(
      lockText([
        { name: 'NumPy', version: '1.26' },
        { name: 'numpy', version: '2.0' },
        { name: 'other' },
      ]),
    );
    expect(requiresPython).toBe('>=3.11');
    expect([...packages.keys()]).toEqual(['numpy', 'other']);
    expect(packages.get('numpy')?.map(({ version }) => version)).toEqual([
      '1.26',
      '2.0',
    ]);
  });

  it('reads the members and the groups of a root that is no project', () => {
    const lock = parseLockFile(
      lockText(
        [],
        [
          'members = ["Order_Events"]',
          '[manifest.dependency-groups]',
          'dev = [{ name = "moto", extras = ["s3"], specifier = ">=5" }]',
        ],
      ),
    );
    expect([...(lock.memberNames ?? [])]).toEqual(['order-events']);
    expect(lock.rootGroups['dev']).toMatchObject([
      { name: 'moto', extras: ['s3'] },
    ]);
    expect(parseLockFile('version = 1\n').memberNames).toBeUndefined();
  });

  it.each(['\n', '\r\n'])('shows a merge conflict: %j', (eol) => {
    const text = [
      'version = 1',
      '<<<<<<< HEAD',
      'a = 1',
      '=======',
      'a = 2',
      '>>>>>>> main',
    ].join(eol);
    expect(failureOf(() => parseLockFile(text))).toBe(
      [
        'uv.lock: line 2: the file has merge conflict markers',
        '  mend:     git checkout --ours uv.lock && uv lock',
      ].join('\n'),
    );
  });

  it.each([
    ['package = 1', 'package'],
    ['[[package]]\nname = "a"', 'package.0.source'],
    ['[[package]]\nname = "a"\nsource = {}\nwheels = 1', 'package.0.wheels'],
  ])('refuses what uv does not write: %j', (text, location) => {
    const message = failureOf(() => parseLockFile(text));
    expect(message).toContain(
      `uv.lock: ${location}: the lock file is not as uv writes it\n  found:    Invalid input`,
    );
    expect(message).toContain('  mend:     uv lock');
  });

  it('names the line of what is no TOML', () => {
    expect(failureOf(() => parseLockFile('version = 1\n[[x\n'))).toContain(
      'uv.lock: line 2, column 4: the file is not valid TOML',
    );
  });
});

describe('readLockFile', () => {
  it('tells a workspace that is not locked from one that is', () => {
    const workspace = makeFolder();
    expect(readLockFile(workspace.path)).toBeUndefined();
    workspace.write('uv.lock', lockText([{ name: 'a' }]));
    expect(readLockFile(workspace.path)?.packages.has('a')).toBe(true);
  });
});

describe('memberOf', () => {
  it.each([
    ['{ editable = "libs/a" }', 'libs/a'],
    ['{ directory = "libs/a" }', 'libs/a'],
    ['{ virtual = "libs/a/" }', 'libs/a'],
    ["{ editable = 'libs\\a' }", 'libs/a'],
    ['{ editable = "." }', '.'],
    ['{ directory = "../a" }', undefined],
    ['{ editable = "/opt/a" }', undefined],
    ['{ registry = "https://index.example/simple" }', undefined],
    ['{ git = "https://e.org/a?rev=1#2" }', undefined],
    ['{ url = "https://e.org/a.whl" }', undefined],
    ['{ path = "vendor/a.whl" }', undefined],
  ])('%s: %s', (source, projectRoot) => {
    const { packages } = parseLockFile(lockText([{ name: 'A_b', source }]));
    expect(memberOf(packages.get('a-b')![0]!)).toEqual(
      projectRoot === undefined ? undefined : { name: 'a-b', projectRoot },
    );
  });
});
