import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../../testing/temporary-folder';
import { linkOrCopy } from './link-or-copy';

const makeFolder = useTemporaryFolders();

function makeSources() {
  const folder = makeFolder();
  const file = folder.write('source/a.py', 'A = 1\n');
  const to = join(folder.path, 'to');
  return { file, source: join(folder.path, 'source'), to };
}

describe('linkOrCopy', () => {
  it('links', () => {
    const { file, to } = makeSources();
    linkOrCopy(file, to, 'darwin');
    expect(readlinkSync(to)).toBe(file);
  });

  it('copies a file on Windows, and links a folder', () => {
    const { file, source, to } = makeSources();
    linkOrCopy(file, to, 'win32');
    expect(lstatSync(to).isFile()).toBe(true);
    expect(readFileSync(to, 'utf8')).toBe('A = 1\n');
    linkOrCopy(source, `${to}-folder`, 'win32');
    expect(readlinkSync(`${to}-folder`)).toBe(source);
  });

  it('passes over a link that leads nowhere on Windows', () => {
    const { source, to } = makeSources();
    symlinkSync(join(source, 'gone'), join(source, 'broken'));
    linkOrCopy(join(source, 'broken'), to, 'win32');
    expect(existsSync(to)).toBe(false);
  });
});
