import { mkdirSync } from 'node:fs';
import type * as fs from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { readLockText } from './lock-text';
import { readWorkspaceFile } from './text-file';

jest.mock('node:fs', () => {
  const actual = jest.requireActual<typeof fs>('node:fs');
  return { ...actual, readFileSync: jest.fn(actual.readFileSync) };
});

const temporaryFolder = useTemporaryFolders();

describe('readWorkspaceFile', () => {
  it('reads a file, and none that is not there', () => {
    const root = temporaryFolder();
    root.write('a/b.txt', 'x');
    expect(readWorkspaceFile(root.path, 'a/b.txt')).toBe('x');
    expect(readWorkspaceFile(root.path, 'a/c.txt')).toBeUndefined();
  });

  it('names a folder that is in its place', () => {
    const { path } = temporaryFolder();
    mkdirSync(join(path, 'uv.lock'));
    expect(() => readLockText(path)).toThrow(
      'uv.lock: a folder is in the place of the file\n  mend:     remove the folder',
    );
  });

  it('asks for a file to be made readable', () => {
    const { readFileSync } = jest.requireMock<typeof fs>('node:fs');
    const refuse = (code: string): void => {
      // Root may read everything.
      jest.mocked(readFileSync).mockImplementationOnce(() => {
        throw Object.assign(new Error(code), { code });
      });
    };
    refuse('EACCES');
    expect(() => readWorkspaceFile('/', 'a.txt')).toThrow(
      'a.txt: the file cannot be read: permission denied\n  mend:     make it readable for this user',
    );
    refuse('EIO');
    expect(() => readWorkspaceFile('/', 'a.txt')).toThrow('EIO');
  });
});
