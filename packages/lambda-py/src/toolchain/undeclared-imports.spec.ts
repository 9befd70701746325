import { join } from 'node:path';
import { rejectionOf } from '../testing/errors';
import { useTemporaryFolders } from '../testing/temporary-folder';
import {
  describeUndeclaredImports,
  findUndeclaredImports,
} from './undeclared-imports';

const makeFolder = useTemporaryFolders();

type Found = readonly [file: string, name: string, line?: number];

/** Looks into services/orders, whose files are given, with a ruff that finds what is given. */
async function find(
  files: Readonly<Record<string, string>>,
  found: readonly Found[],
  exitCode = 0,
) {
  const folder = makeFolder();
  const all = {
    'pyproject.toml':
      '[tool.uv.workspace]\nmembers = ["libs/*", "services/*"]\n[dependency-groups]\ndev = ["test-kit"]\n',
    'services/orders/pyproject.toml':
      '[project]\nname = "Orders"\ndependencies = ["shared"]\n',
    'services/orders/src/orders/__init__.py': '',
    'libs/shared/pyproject.toml': '[project]\nname = "shared"\n',
    'libs/shared/src/shared/__init__.py': '',
    'libs/money/pyproject.toml': '[project]\nname = "Acme.Money"\n',
    'libs/money/src/money/__init__.py': '',
    'libs/test-kit/pyproject.toml': '[project]\nname = "test-kit"\n',
    'libs/broken/pyproject.toml': 'name =',
    'docs/src/sphinx/__init__.py': '',
    ...files,
  };
  for (const [file, text] of Object.entries(all)) folder.write(file, text);
  const diagnostics = found.map(([file, name, row = 1]) => ({
    code: 'TID251',
    filename: join(folder.path, 'services/orders', file),
    message: `\`${name}\` is banned: ${name}`,
    location: { row, column: 8 },
  }));
  const ruff = folder.script(
    'ruff',
    `cat "${folder.write('output', JSON.stringify(diagnostics))}"`,
    `exit ${exitCode}`,
  );
  return findUndeclaredImports(
    { executable: () => ruff },
    {
      workspaceRoot: folder.path,
      projectRoot: 'services/orders',
      projectRoots: [
        'services/orders',
        'libs/shared',
        'libs/money',
        'libs/test-kit',
        'libs/broken',
        'docs',
      ],
    },
  );
}

const APP = 'services/orders/src/orders/app.py';

describe('findUndeclaredImports', () => {
  it('finds the import of a member that is not declared', async () => {
    expect(
      await find({ [APP]: 'import os\nimport money\n' }, [
        ['src/orders/app.py', 'money', 2],
      ]),
    ).toEqual([
      { file: APP, line: 2, column: 8, imported: 'acme-money', isTest: false },
    ]);
  });

  it.each([
    ['declared members', { [APP]: 'import shared\n' }],
    ['itself', { [APP]: 'import orders\n' }],
    ['what is no member', { [APP]: 'import sphinx, boto3\n' }],
    [
      'words of a file of another kind',
      { 'services/orders/a.md': 'import money' },
    ],
  ])('does not even parse for %s', async (_, files) => {
    expect(await find(files, [['src/orders/app.py', 'money']], 2)).toEqual([]);
  });

  it('has tests import what the root declares, as they do pytest', async () => {
    const files = {
      [APP]: 'import test_kit\n',
      'services/orders/tests/test_app.py': 'import test_kit, money\n',
    };
    expect(
      await find(files, [
        ['src/orders/app.py', 'test_kit'],
        ['tests/test_app.py', 'test_kit'],
        ['tests/test_app.py', 'money'],
      ]),
    ).toMatchObject([
      { file: APP, imported: 'test-kit', isTest: false },
      { imported: 'acme-money', isTest: true },
    ]);
  });

  it.each([
    ['the folder of the project', '', 'libs/test-kit/geo/__init__.py'],
    [
      'the folder that the build backend is told',
      '[tool.uv.build-backend]\nmodule-root = "python"\n',
      'libs/test-kit/python/geo/__init__.py',
    ],
    [
      'it, beside src',
      '[tool.uv.build-backend]\nmodule-root = ""\n',
      'libs/test-kit/geo/__init__.py',
      'libs/test-kit/src/other/__init__.py',
    ],
  ])('finds a member whose code is in %s', async (_, settings, ...files) => {
    expect(
      await find(
        {
          [APP]: 'import geo\n',
          'libs/test-kit/pyproject.toml': `[project]\nname = "test-kit"\n[build-system]\nbuild-backend = "uv_build"\n${settings}`,
          ...Object.fromEntries(files.map((file) => [file, ''])),
        },
        [['src/orders/app.py', 'geo']],
      ),
    ).toMatchObject([{ file: APP, imported: 'test-kit' }]);
  });

  it('takes stubs for no more than that: the code comes from somewhere else', async () => {
    const stubs = { 'libs/test-kit/src/boto3-stubs/__init__.pyi': '' };
    expect(
      await find({ ...stubs, [APP]: 'import boto3\n' }, [
        ['src/orders/app.py', 'boto3'],
      ]),
    ).toEqual([]);
  });

  it('knows a broken member by its folder', async () => {
    expect(
      await find({ [APP]: 'import broken\n' }, [
        ['src/orders/app.py', 'broken'],
      ]),
    ).toMatchObject([{ imported: 'broken' }]);
  });

  it('passes over modules beside a test, and notebooks', async () => {
    const files = {
      'services/orders/tests/money.py': '',
      'services/orders/tests/unit/test_app.py': 'import money\n',
    };
    expect(
      await find(files, [
        ['tests/unit/test_app.py', 'money'],
        ['notes.ipynb', 'money'],
      ]),
    ).toEqual([]);
    const inSources = { 'services/orders/src/orders/money.py': '' };
    expect(
      await find({ ...inSources, [APP]: 'import money\n' }, [
        ['src/orders/app.py', 'money'],
      ]),
    ).toHaveLength(1);
  });

  it('says so when ruff does not work', async () => {
    expect(
      await rejectionOf(find({ [APP]: 'import money\n' }, [], 2)),
    ).toContain('ruff could not look for undeclared imports');
  });

  it('has nothing to look for where the project is alone', async () => {
    expect(
      await findUndeclaredImports(
        { executable: () => 'ruff' },
        { workspaceRoot: '/nowhere', projectRoot: 'a', projectRoots: ['a'] },
      ),
    ).toEqual([]);
  });
});

describe('describeUndeclaredImports', () => {
  const found = (file: string, imported: string, isTest: boolean) => ({
    file,
    line: 3,
    column: 1,
    imported,
    isTest,
  });

  it('shows a line for each import and a command for each member', () => {
    expect(
      describeUndeclaredImports('orders', [
        found('a.py', 'money', false),
        found('tests/b.py', 'billing', true),
        found('tests/b.py', 'money', true),
      ]),
    ).toEqual([
      'a.py:3:1: undeclared import of the workspace package "money"',
      'tests/b.py:3:1: undeclared import of the workspace package "money"',
      '  mend:     uv add --package orders money && nx sync',
      'tests/b.py:3:1: undeclared import of the workspace package "billing"',
      '  mend:     uv add --package orders --dev billing && nx sync',
    ]);
  });
});
