import { lockText } from '../testing/lock-files';
import type { LockedFixture } from '../testing/lock-files';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { declaredIndexes, indexParts } from './index-parts';
import { parseRequirements } from './requirements-list';

const makeFolder = useTemporaryFolders();
const PRIVATE = 'https://private.example/simple';

const PACKAGES: readonly LockedFixture[] = [
  { name: 'orders', source: '{ editable = "services/orders" }' },
  { name: 'six', hash: 'aa', index: 'https://pypi.org/simple' },
  { name: 'kit', hash: 'bb', index: PRIVATE },
  { name: 'torch', hash: 'cc', index: 'https://pypi.org/simple' },
  { name: 'torch', hash: 'dd', index: PRIVATE },
];
const REQUIREMENTS = parseRequirements(
  [
    'six==1.0 --hash=sha256:aa',
    'kit==1.0 --hash=sha256:bb',
    "torch==1.0 ; sys_platform == 'darwin' --hash=sha256:cc",
    "torch==1.0 ; sys_platform == 'linux' --hash=sha256:dd",
    'by-url @ https://e.org/by_url.whl --hash=sha256:ee',
  ].join('\n'),
  'requirements.txt',
);
const indexTable = (url: string, ...lines: readonly string[]): string =>
  ['[[tool.uv.index]]', 'name = "private"', `url = "${url}"`, ...lines].join(
    '\n',
  );

function partsOf(root: string, member = ''): unknown {
  const workspace = makeFolder();
  workspace.write('uv.lock', lockText(PACKAGES));
  workspace.write('pyproject.toml', root);
  workspace.write('services/orders/pyproject.toml', member);
  return indexParts(workspace.path, REQUIREMENTS).map(
    ({ index, requirements }) => [
      index,
      requirements.map(({ identity }) => identity.replace('sha256:', '')),
    ],
  );
}

describe('indexParts', () => {
  it('keeps apart what an explicit index has, with the name and the address that uv needs', () => {
    const url = 'https://token@private.example/simple/';
    expect(partsOf(indexTable(url, 'explicit = true'))).toEqual([
      [undefined, ['aa', 'cc', 'ee']],
      [{ name: 'private', url }, ['bb', 'dd']],
    ]);
  });

  it('keeps apart what an index has that a member alone declares', () => {
    expect(partsOf('', indexTable(PRIVATE))).toEqual([
      [undefined, ['aa', 'cc', 'ee']],
      [{ name: 'private', url: PRIVATE }, ['bb', 'dd']],
    ]);
  });

  it('leaves together what uv asks the indexes of the root for', () => {
    expect(partsOf(indexTable(PRIVATE))).toEqual([
      [undefined, ['aa', 'bb', 'cc', 'dd', 'ee']],
    ]);
  });
});

describe('declaredIndexes', () => {
  it('reads a uv.toml too', () => {
    expect(
      declaredIndexes(
        `[[index]]\nname = "a"\nurl = "${PRIVATE}"\nexplicit = true`,
        'uv.toml',
      ),
    ).toEqual([{ name: 'a', url: PRIVATE, isExplicit: true }]);
  });

  it.each([
    ['without a name', `url = "${PRIVATE}"`],
    ['of files', `name = "a"\nurl = "${PRIVATE}"\nformat = "flat"`],
    ['of a folder', 'name = "a"\nurl = "./wheels"'],
    ['that is none', ''],
  ])('passes over one %s', (_, lines) => {
    expect(declaredIndexes(`[[tool.uv.index]]\n${lines}`, 'a.toml')).toEqual(
      [],
    );
  });
});
