import { join } from 'node:path';
import { useTemporaryFolders } from '../../testing/temporary-folder';
import { outermostSources, pythonFilesOf } from './source-files';

const makeFolder = useTemporaryFolders();

describe('outermostSources', () => {
  it('lists modules and packages, and nothing inside of a package', () => {
    const folder = makeFolder();
    for (const file of [
      'one.py',
      'notes.md',
      'a/__init__.py',
      'a/deep/b.py',
      'acme/orders/__init__.pyi',
      'acme/util.py',
      'acme/orders/deep/c.py',
      'inner/pyproject.toml',
      'inner/d.py',
      '.hidden/a.py',
      '__pycache__/a.py',
    ]) {
      folder.write(file, '');
    }
    expect([...outermostSources(folder.path)].sort()).toEqual([
      'a/__init__.py',
      'acme/orders/__init__.pyi',
      'acme/util.py',
      'one.py',
    ]);
    expect(outermostSources(join(folder.path, 'nowhere'))).toEqual([]);
  });
});

describe('pythonFilesOf', () => {
  it('leaves out environments and the projects below', () => {
    const folder = makeFolder();
    for (const file of [
      'a.py',
      'src/a/b.pyi',
      'tests/c.py',
      'd.txt',
      '.venv/lib/e.py',
      'node_modules/f.py',
      'inner/pyproject.toml',
      'inner/g.py',
    ]) {
      folder.write(file, '');
    }
    expect([...pythonFilesOf(folder.path)].sort()).toEqual(
      ['a.py', 'src/a/b.pyi', 'tests/c.py'].map((file) =>
        join(folder.path, file),
      ),
    );
  });
});
