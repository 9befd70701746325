import { failureOf } from '../testing/errors';
import { lockText } from '../testing/lock-files';
import { parseLockFile } from '../workspace/lock-file';
import { requirePackable, unpackableSources } from './unpackable-sources';

const SOURCES = [
  { name: 'folder', source: 'directory = "../outside/folder"' },
  { name: 'foreign', source: 'editable = "/opt/foreign"' },
  { name: 'sdist', source: 'path = "../../sdist-1.0.tar.gz"' },
  { name: 'wheel', source: 'path = "wheels/wheel-3.0-py3-none-any.whl"' },
];

describe('unpackableSources', () => {
  it('are local files and folders outside of the workspace', () => {
    const lock = parseLockFile(
      lockText([
        ...SOURCES.toReversed().map(({ name, source }) => ({
          name,
          source: `{ ${source} }`,
        })),
        { name: 'member', source: '{ editable = "libs/member" }' },
        { name: 'vendored', source: '{ directory = "vendor/kit" }' },
        { name: 'six' },
        { name: 'by-url', source: '{ url = "https://e.org/a.whl" }' },
        { name: 'by-git', source: '{ git = "https://e.org/a#1" }' },
      ]),
    );
    expect(unpackableSources([...lock.packages.values()].flat())).toEqual(
      SOURCES,
    );
  });
});

describe('requirePackable', () => {
  it('names what would be missing', () => {
    expect(
      failureOf(() => {
        requirePackable(SOURCES, ['folder', 'foreign']);
      }),
    ).toBe(
      [
        'uv.lock: package sdist, wheel: a local wheel or archive, or a folder outside of the workspace, cannot be packed',
        '  found:    sdist: path = "../../sdist-1.0.tar.gz"; wheel: path = "wheels/wheel-3.0-py3-none-any.whl"',
        '  expected: a member of the workspace, or a distribution of an index',
        '  mend:     make it a workspace member, or put the wheel in an index; then "uv lock" and "nx sync"',
      ].join('\n'),
    );
  });

  it('lets pass what the environment has', () => {
    expect(() => {
      requirePackable(
        SOURCES,
        SOURCES.map(({ name }) => name),
      );
    }).not.toThrow();
  });
});
