import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import type { Distribution } from './distribution';
import { digestSources, listMemberSources } from './member-sources';
import { sampleDistribution, useTemporaryFolders } from './testing/samples';
import type { Files } from './testing/samples';
import { loadLaidOutWheel, storeWheelLayout } from './wheel-layout';
import type { WheelRequest } from './wheel-layout';

const temporaryFolder = useTemporaryFolders();
const SOURCES: Files = {
  'libs/kit/README.md': 'Kit',
  'libs/kit/pyproject.toml': '[project]',
  'libs/kit/src/kit/__init__.py': '',
  'libs/kit/src/kit/a.py': 'a = 1',
  'libs/kit/src/kit/data.json': '{}',
  'libs/kit/tests/test_a.py': '',
};
const WHEEL: Files = {
  'kit/__init__.py': '',
  'kit/a.py': 'a = 1',
  'kit/data.json': '{}',
  'kit-1.0.dist-info/METADATA': 'Name: kit',
};

function requestOf(root: string): WheelRequest {
  return {
    workspaceRoot: root,
    name: 'kit',
    projectRoot: 'libs/kit',
    sources: digestSources(
      listMemberSources({
        workspaceRoot: root,
        projectRoot: 'libs/kit',
        outputFolder: join(root, 'dist'),
        isIgnored: () => false,
      }).files,
    ),
  };
}

function contentsOf({ files }: Distribution): Record<string, string> {
  return Object.fromEntries(
    files.map(({ path, read }) => [path, Buffer.from(read()).toString()]),
  );
}

/** A workspace whose wheel has been built. */
function built(wheel: Files = WHEEL, more: Files = {}): string {
  const root = temporaryFolder({ ...SOURCES, ...more });
  storeWheelLayout(requestOf(root), sampleDistribution('kit', wheel));
  return root;
}

describe('loadLaidOutWheel', () => {
  it('has the modules as they are now', () => {
    const root = built();
    writeFileSync(join(root, 'libs/kit/src/kit/a.py'), 'a = 2');
    const wheel = loadLaidOutWheel(requestOf(root));
    expect(wheel).toMatchObject({ name: 'kit', version: '1.0', local: true });
    expect(wheel && contentsOf(wheel)).toEqual({
      ...WHEEL,
      'kit/a.py': 'a = 2',
    });
  });

  it.each([
    ['a file that is no module changed', 'libs/kit/README.md'],
    ['data changed', 'libs/kit/src/kit/data.json'],
    ['metadata changed', 'libs/kit/pyproject.toml'],
    ['there is another module', 'libs/kit/src/kit/b.py'],
  ])('knows none where %s', (_, path) => {
    const root = built();
    writeFileSync(join(root, path), 'changed');
    expect(loadLaidOutWheel(requestOf(root))).toBeUndefined();
  });

  it.each([
    ['a module that is no source', { 'kit/made.py': '' }, {}],
    ['a module that differs from its source', { 'kit/a.py': 'a = 3' }, {}],
    ['a module of two sources', {}, { 'libs/kit/other/kit/a.py': 'a = 1' }],
    ['large data that is no source', { 'big.bin': 'x'.repeat(300_000) }, {}],
  ])('is not certain of a wheel with %s', (_, files, more) => {
    const root = built({ ...WHEEL, ...files }, more);
    expect(loadLaidOutWheel(requestOf(root))).toBeUndefined();
  });
});
