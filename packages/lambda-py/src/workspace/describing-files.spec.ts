import { isDescribedAtTheTop } from './describing-files';

describe('isDescribedAtTheTop', () => {
  it.each([
    {},
    { readme: 'README.md' },
    { readme: './README.rst', license: 'MIT OR docs/x' },
    { readme: { text: 'docs/intro.md' } },
    { license: { file: 'LICENSE' } },
    { 'license-files': ['LICEN[CS]E*', 'NOTICE'] },
    { readme: 'README.md', 'license-files': ['README.md'] },
    { readme: 1, 'license-files': 'no list of texts', license: [] },
  ])('finds all of %j in production', (project) => {
    expect(isDescribedAtTheTop(project)).toBe(true);
  });

  it.each([
    { readme: 'docs/intro.md' },
    { readme: { file: 'docs/intro.md' } },
    { readme: 'docs\\intro.md' },
    { license: { file: 'docs/LICENSE' } },
    { 'license-files': ['LICENSE', 'docs/LICENSE.txt'] },
    { 'license-files': ['**/LICENSE'] },
    { 'license-files': ['README.md'] },
    { 'license-files': { paths: ['docs/LICENSE'] } },
    { 'license-files': ['*.md'] },
    { readme: 'README.md', 'license-files': ['*'] },
  ])('does not find all of %j in production', (project) => {
    expect(isDescribedAtTheTop(project)).toBe(false);
  });
});
