import { useTemporaryFolders } from '../../testing/temporary-folder';
import { openContentCache } from '../content-cache';
import { FILES_WITHOUT_HASH, openKnownFiles } from './known-files';
import type { KnownContent } from './known-files';

const makeFolder = useTemporaryFolders();

const hashOf = (text: string): string => `hash of ${text}`;

function files() {
  const folder = makeFolder();
  const cache = openContentCache<KnownContent>(undefined, 'imports.json');
  const hashes: string[] = [];
  const open = () =>
    openKnownFiles(folder.path, cache, (text) => {
      hashes.push(text);
      return hashOf(text);
    });
  return {
    write: (file: string, text: string) => folder.write(file, text),
    hashes,
    /** Looks at a file of which Nx has a hash, in a new graph. */
    read: (file: string, text: string) =>
      open().read({ file, hash: text === '' ? '' : hashOf(text) }),
    /** As many files as Nx's hash is loaded for, besides those that are given. */
    readMany: (...others: readonly (readonly [string, string])[]) => {
      const known = open();
      for (let index = 0; index <= FILES_WITHOUT_HASH; index++) {
        folder.write(`${index}.py`, `import m${index}`);
        known.read({ file: `${index}.py`, hash: hashOf(`import m${index}`) });
      }
      return others.map(([file, text]) =>
        known.read({ file, hash: hashOf(text) }),
      );
    },
  };
}

describe('openKnownFiles', () => {
  it('keeps nothing of a content under the hash of the one before it', () => {
    const { write, read, readMany } = files();
    write('a.py', 'import new');
    expect(read('a.py', 'import old')?.content().mentioned).toBe('new');
    readMany(['a.py', 'import old']);
    write('a.py', 'import old');
    expect(read('a.py', 'import old')?.content().mentioned).toBe('old');
  });

  it('keeps no verdict on a content that the parser has not seen', () => {
    const { write, read, readMany } = files();
    for (const look of [
      () => read('a.py', 'import a'),
      () => readMany(['a.py', 'import a'])[0],
      // Known by its hash by now.
      () => read('a.py', 'import a'),
    ]) {
      write('a.py', 'import a');
      const known = look();
      write('a.py', '');
      known?.keepImports({ a: false });
      write('a.py', 'import a');
      expect(read('a.py', 'import a')?.content()).toEqual({ mentioned: 'a' });
    }
    read('a.py', 'import a')?.keepImports({ a: true });
    expect(read('a.py', 'import a')?.content().imports).toEqual({ a: true });
  });

  it('reads no file of many again that has not changed', () => {
    const { write, read, readMany, hashes } = files();
    readMany();
    hashes.length = 0;
    write('0.py', 'import other');
    write(`${FILES_WITHOUT_HASH}.py`, 'import other');
    expect(read('0.py', 'import m0')?.content().mentioned).toBe('m0');
    expect(
      read(
        `${FILES_WITHOUT_HASH}.py`,
        `import m${FILES_WITHOUT_HASH}`,
      )?.content().mentioned,
    ).toBe(`m${FILES_WITHOUT_HASH}`);
    expect(hashes).toEqual([]);
  });

  it('loads no hash for a few', () => {
    const { write, read, hashes } = files();
    write('a.py', 'import a');
    read('a.py', 'import a');
    read('a.py', '')?.keepImports({ a: true });
    expect(read('a.py', 'import a')?.content().imports).toEqual({ a: true });
    expect(hashes).toEqual([]);
  });

  it('knows nothing of a file that has gone', () => {
    expect(files().read('a.py', 'import a')).toBeUndefined();
  });
});
