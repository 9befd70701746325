import { repositoriesIn, repositoryOn } from './nested-repositories';
import { useTemporaryFolders } from './testing/samples';

const temporaryFolder = useTemporaryFolders();

// A submodule has a file there; for a file system, any name is one.
const FILES = {
  'a/.git': '',
  'a/b/.git': '',
  'a/b/c/d.py': '',
  'e/f/.git': '',
  'e/node_modules/g/.git': '',
  'e/ignored/g/.git': '',
};

it('repositoryOn: finds the outermost one', () => {
  const root = temporaryFolder(FILES);
  expect(repositoryOn(root, '.', 'a/b/c')).toBe('a');
  expect(repositoryOn(root, 'a', 'a/b/c')).toBe('a/b');
  expect(repositoryOn(root, 'a/b', 'a/b/c')).toBeUndefined();
  expect(repositoryOn(root, '.', 'a')).toBe('a');
  expect(repositoryOn(root, '.', '.')).toBeUndefined();
});

it('repositoriesIn: finds those that are in no other, and in no ignored folder', () => {
  const root = temporaryFolder(FILES);
  const isIgnored = (path: string) => path === 'e/ignored';
  expect(repositoriesIn(root, '.', isIgnored).sort()).toEqual(['a', 'e/f']);
  expect(repositoriesIn(root, 'a', isIgnored)).toEqual(['a/b']);
  expect(repositoriesIn(root, 'nowhere', isIgnored)).toEqual([]);
});
