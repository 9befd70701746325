import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../artifact/testing/samples';
import { makeFolder } from './make-folder';

const temporaryFolder = useTemporaryFolders();

describe('makeFolder', () => {
  it('makes what is missing, and leaves what is there', () => {
    const path = join(temporaryFolder(), 'a/b/c');
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('says what stands in the way', () => {
    const file = join(temporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => {
      makeFolder(join(file, 'a/b'));
    }).toThrow(/ENOTDIR|EEXIST/);
  });
});
