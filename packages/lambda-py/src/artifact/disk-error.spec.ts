import {
  accessSync,
  existsSync,
  openSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import type * as fsModule from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openArtifactCache } from './artifact-cache';
import { explainDiskError, isOutOfSpace } from './disk-error';
import { useTemporaryFolders } from './testing/samples';
import { inWorkFolder, withWorkFolder } from './work-folder';

jest.mock('node:fs', () => {
  const fs =
    jest.requireActual<Pick<typeof fsModule, 'accessSync' | 'openSync'>>(
      'node:fs',
    );
  return {
    ...fs,
    accessSync: jest.fn(fs.accessSync),
    openSync: jest.fn(fs.openSync),
  };
});

const temporaryFolder = useTemporaryFolders();

function diskError(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: refused`), { code, path: '/a' });
}

describe('explainDiskError', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'the file system is read-only'],
    ['EACCES', 'permission denied'],
  ])('explains %s', (code, reason) => {
    expect(explainDiskError(diskError(code))).toMatchObject({
      message: expect.stringMatching(`^/a: .*${reason}\n  mend: `) as unknown,
    });
  });

  // Tests may be run by root, whom no file system refuses.
  const refuse = (code: string): void => {
    jest.mocked(accessSync).mockImplementationOnce(() => {
      throw diskError(code);
    });
  };

  it.each([
    ['scandir', undefined, 'readable'],
    ['open', 'EACCES', 'readable'],
    // It is written anew.
    ['open', 'ENOENT', 'writable'],
    ['rename', undefined, 'writable'],
  ])('tells reading from writing: %s, then %s', (syscall, code, expected) => {
    if (code !== undefined) refuse(code);
    const error = Object.assign(diskError('EACCES'), { syscall });
    expect(explainDiskError(error)).toMatchObject({
      details: { mend: `make it ${expected} for this user` },
    });
  });

  it('asks for a file that can be read to be made writable', () => {
    const path = join(temporaryFolder({ a: '' }), 'a');
    const error = Object.assign(diskError('EPERM'), { path, syscall: 'open' });
    expect(explainDiskError(error)).toMatchObject({
      details: { mend: 'make it writable for this user' },
    });
  });

  it('leaves every other error alone', () => {
    for (const error of [new Error('bug'), diskError('ENOENT'), undefined]) {
      expect(explainDiskError(error)).toBe(error);
    }
  });
});

it.each([
  [diskError('ENOSPC'), true],
  [diskError('EDQUOT'), true],
  [new Error('error: failed to write: No space left on device (28)'), true],
  [diskError('EROFS'), false],
  [new Error('bug'), false],
])('isOutOfSpace: %s is %s', (error, expected) => {
  expect(isOutOfSpace(error)).toBe(expected);
});

describe('a cache that cannot be written to', () => {
  it.each(['ENOSPC', 'EROFS', 'EACCES'])(
    'keeps nothing and fails nobody: %s',
    (code) => {
      const cache = openArtifactCache(temporaryFolder(), 'things');
      cache.store('a', Buffer.from('kept'));
      jest.mocked(openSync).mockImplementationOnce(() => {
        throw diskError(code);
      });
      cache.store('b', Buffer.from('lost'));
      expect(cache.load('a')?.toString()).toBe('kept');
      expect(cache.load('b')).toBeUndefined();
    },
  );

  it('does not hide a bug', () => {
    const cache = openArtifactCache(temporaryFolder(), 'things');
    jest.mocked(openSync).mockImplementationOnce(() => {
      throw new TypeError('bug');
    });
    expect(() => {
      cache.store('a', Buffer.from('x'));
    }).toThrow('bug');
  });

  it('may not even be a folder', () => {
    const root = temporaryFolder({ '.nx/lambda-py': 'a file' });
    const cache = openArtifactCache(root, 'things');
    cache.store('a', Buffer.from('lost'));
    expect(cache.load('a')).toBeUndefined();
  });
});

describe('inWorkFolder', () => {
  it('goes to the temporary folder of the system where there is no other', async () => {
    const root = temporaryFolder({ '.nx/lambda-py': 'a file' });
    const used = await inWorkFolder(root, (folder) => {
      writeFileSync(join(folder, 'x'), '');
      return Promise.resolve(folder);
    });
    expect(dirname(used)).toBe(tmpdir());
    expect(existsSync(used)).toBe(false);
  });

  it('does the work again there when the disk is full', async () => {
    const root = temporaryFolder();
    const folders: string[] = [];
    const result = await inWorkFolder(root, (folder) => {
      folders.push(folder);
      return folders.length === 1
        ? Promise.reject(new Error('uv: No space left on device'))
        : Promise.resolve('done');
    });
    expect(result).toBe('done');
    expect(folders.map((folder) => folder.startsWith(root))).toEqual([
      true,
      false,
    ]);
    expect(folders.filter(existsSync)).toEqual([]);
  });

  it('does not repeat work that fails otherwise, nor for ever', async () => {
    const root = temporaryFolder();
    const work = jest.fn().mockRejectedValue(new Error('failed'));
    await expect(inWorkFolder(root, work)).rejects.toThrow('failed');
    expect(work).toHaveBeenCalledTimes(1);
    work.mockRejectedValue(diskError('ENOSPC'));
    await expect(inWorkFolder(root, work)).rejects.toThrow('ENOSPC');
    expect(work).toHaveBeenCalledTimes(3);
  });
});

describe('withWorkFolder', () => {
  it('makes a folder only for work that asks for it, and one for all that it asks', async () => {
    const root = temporaryFolder();
    await withWorkFolder(root, () => Promise.resolve());
    expect(readdirSync(root)).toEqual([]);
    const folders = await withWorkFolder(root, (folder) =>
      Promise.resolve([folder(), folder()]),
    );
    expect(new Set(folders).size).toBe(1);
    expect(readdirSync(join(root, '.nx/lambda-py/work'))).toEqual([]);
  });

  it('leaves none behind for work that goes on after the whole has failed', async () => {
    const root = temporaryFolder();
    let late: () => string = () => '';
    await expect(
      withWorkFolder(root, (folder) => {
        late = folder;
        return Promise.reject(new Error('failed'));
      }),
    ).rejects.toThrow('failed');
    expect(late).toThrow('removed already');
    expect(readdirSync(root)).toEqual([]);
  });

  it('does not repeat work that found a full disk elsewhere', async () => {
    const work = jest.fn().mockRejectedValue(diskError('ENOSPC'));
    await expect(withWorkFolder(temporaryFolder(), work)).rejects.toThrow(
      'ENOSPC',
    );
    expect(work).toHaveBeenCalledTimes(1);
  });
});
