import { useTrees } from '../../testing/trees';
import { ruffSettings, ruffTable } from './ruff-settings';

const trees = useTrees();
const SRC = 'src = ["libs/*/src", "services/*/src", "shared code/src"]\n';

describe('ruffSettings', () => {
  it.each([
    ['pyproject.toml', { 'pyproject.toml': `[tool.ruff]\n${SRC}` }],
    ['ruff.toml', { 'ruff.toml': SRC, 'pyproject.toml': '[tool.ruff]\n' }],
    ['.ruff.toml', { '.ruff.toml': SRC, 'ruff.toml': 'src = ["other"]\n' }],
  ])(
    "takes the workspace's settings from %s, but for services",
    (file, files) => {
      expect(ruffSettings(trees.make(files), 'services/team/orders')).toEqual({
        extend: `../../../${file}`,
        src: ['src', '../../../libs/*/src', '../../../shared code/src'],
        cacheFolder: '../../../.ruff_cache',
      });
    },
  );

  it.each([
    ['none', ''],
    ['one of another kind', 'src = "libs"\n'],
  ])('knows a project its own sources where src is %s', (_, src) => {
    const tree = trees.make({ 'pyproject.toml': `[tool.ruff]\n${src}` });
    expect(ruffSettings(tree, 'libs/contracts')?.src).toEqual(['src']);
  });

  it('leaves ruff alone where the workspace does', () => {
    const tree = trees.make({ 'pyproject.toml': '[tool.black]\n' });
    expect(ruffSettings(tree, 'libs/contracts')).toBeUndefined();
  });
});

describe('ruffTable', () => {
  it('is TOML, after an empty line', () => {
    expect(
      ruffTable({
        extend: '../x.toml',
        src: ['src', 'a "b"'],
        cacheFolder: 'c',
      }),
    ).toBe(
      [
        '',
        '[tool.ruff]',
        'extend = "../x.toml"',
        'cache-dir = "c"',
        '# Not the services: ruff would look for each import in each of them.',
        'src = ["src", "a \\"b\\""]',
        '',
      ].join('\n'),
    );
  });

  it('is nothing without settings', () => {
    expect(ruffTable(undefined)).toBe('');
  });
});
