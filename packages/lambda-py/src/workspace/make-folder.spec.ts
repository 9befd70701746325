import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './make-folder';

describe('makeFolder', () => {
  const parent = mkdtempSync(join(tmpdir(), 'lambda-py-folder-'));
  afterAll(() => {
    rmSync(parent, { recursive: true });
  });

  it('makes what is missing, and leaves what is there', () => {
    const path = join(parent, 'a/b/c');
    makeFolder(path);
    makeFolder(path);
    expect(statSync(path).isDirectory()).toBe(true);
  });

  it('says what stands in the way', () => {
    const file = join(parent, 'file');
    writeFileSync(file, '');
    expect(() => {
      makeFolder(join(file, 'a/b'));
    }).toThrow(/ENOTDIR|EEXIST/);
  });
});
