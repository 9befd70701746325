import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { KEPT_ARTIFACTS, unpackArtifact } from './artifact-folder';
import { makeTestWorkspace } from './testing/test-workspace';

const workspace = makeTestWorkspace();
afterAll(() => {
  workspace.remove();
});

function unpack(path: string): ReturnType<typeof unpackArtifact> {
  return unpackArtifact(workspace.root, path);
}

describe('unpackArtifact', () => {
  it('unpacks a zip once, read-only, and lists its native code', () => {
    const zip = workspace.zip('one.zip', {
      'orders/handler.py': 'pass',
      'numpy/core.cpython-313-x86_64-linux-gnu.so': '',
      'lib/libfoo.so.1.2': '',
      'notes.sox': '',
    });
    const { path, nativeEntries } = unpack(zip);
    expect(readFileSync(join(path, 'orders/handler.py'), 'utf8')).toBe('pass');
    expect(statSync(join(path, 'orders')).mode & 0o777).toBe(0o555);
    expect(statSync(join(path, 'orders/handler.py')).mode & 0o777).toBe(0o444);
    expect(nativeEntries).toEqual([
      'numpy/core.cpython-313-x86_64-linux-gnu.so',
      'lib/libfoo.so.1.2',
    ]);
    const { mtimeMs } = statSync(join(path, 'orders'));
    expect(unpack(zip).path).toBe(path);
    expect(statSync(join(path, 'orders')).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(join(path, '..'))).toHaveLength(1);
  });

  it('gives the same where it need not read the zip again', () => {
    const zip = workspace.zip('known.zip', { 'a.py': '1', 'a.so': '' });
    const now = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(now + 10_000);
    try {
      const first = unpack(zip);
      expect(unpack(zip)).toEqual(first);
      workspace.zip('known.zip', { 'a.py': '2', 'a.so': '' });
      const second = unpack(zip);
      expect(readFileSync(join(second.path, 'a.py'), 'utf8')).toBe('2');
      expect(second.path).not.toBe(first.path);
    } finally {
      clock.mockRestore();
    }
  });

  it('keeps the permission to execute', () => {
    const zip = workspace.write('modes.zip', '');
    writeFileSync(
      zip,
      zipSync({
        run: [strToU8('#!/bin/sh'), { os: 3, attrs: (0o100755 << 16) >>> 0 }],
        'folder/': strToU8(''),
      }),
    );
    const { path } = unpack(zip);
    expect(statSync(join(path, 'run')).mode & 0o777).toBe(0o555);
    expect(statSync(join(path, 'folder')).isDirectory()).toBe(true);
  });

  it.each([
    '../outside.py',
    '/etc/outside.py',
    'a/../../outside.py',
    'a\\..\\..\\b',
    'C:\\b',
  ])('refuses the entry %j', (name) => {
    const zip = workspace.zip('evil.zip', { 'good.py': '', [name]: 'evil' });
    expect(() => unpack(zip)).toThrow(/leaves its folder\n {2}found: +"/);
    expect(existsSync(join(workspace.root, '.nx/lambda-py/outside.py'))).toBe(
      false,
    );
    expect(
      readdirSync(join(workspace.root, '.nx/lambda-py/sandbox')).filter((one) =>
        one.includes('.'),
      ),
    ).toEqual([]);
  });

  it.each([
    ['no zip', 'This is text.'],
    ['nothing', ''],
  ])('refuses a file that is %s', (_, text) => {
    expect(() => unpack(workspace.write('broken.zip', text))).toThrow(
      'is not a zip, or a damaged one',
    );
  });

  it('refuses a zip that was cut short', () => {
    const zip = workspace.zip('cut.zip', { 'a.py': 'pass' });
    truncateSync(zip, statSync(zip).size - 30);
    expect(() => unpack(zip)).toThrow('is not a zip, or a damaged one');
  });

  it('keeps the latest used folders, and all that may be in use', () => {
    const folders = Array.from({ length: KEPT_ARTIFACTS + 4 }, (_, index) => {
      const { path } = unpack(
        workspace.zip('many.zip', { 'a.py': `${index}` }),
      );
      return path;
    });
    expect(folders.filter((path) => existsSync(path))).toHaveLength(
      folders.length,
    );
    const sandbox = join(workspace.root, '.nx/lambda-py/sandbox');
    const longAgo = new Date(Date.now() - 24 * 3600 * 1000);
    const stray = workspace.write('.nx/lambda-py/sandbox/.DS_Store', '');
    mkdirSync(join(sandbox, `${'0'.repeat(64)}.aB3_xy`));
    for (const name of readdirSync(sandbox)) {
      utimesSync(join(sandbox, name), longAgo, longAgo);
    }
    unpack(workspace.zip('many.zip', { 'a.py': 'another' }));
    expect(existsSync(stray)).toBe(true);
    rmSync(stray);
    expect(readdirSync(sandbox)).toHaveLength(KEPT_ARTIFACTS + 1);
  });
});
