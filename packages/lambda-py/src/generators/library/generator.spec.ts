import { parsePyproject } from '../../workspace/pyproject';
import { parseLambdaPyTable } from '../../workspace/service-configuration';
import { changesOf, useTrees } from '../../testing/trees';
import libraryGenerator from './generator';
import type { LibraryGeneratorSchema } from './schema';

const trees = useTrees();

async function generate(options: LibraryGeneratorSchema, tree = trees.make()) {
  await libraryGenerator(tree, { skipLock: true, ...options });
  return tree;
}

describe('the generator library', () => {
  it('generates a library, whole', async () => {
    const tree = await generate({
      name: 'Order_Events',
      description: 'Contracts of "orders"',
      tags: 'type:lib',
    });
    const changes = changesOf(tree);
    const root = 'libs/order-events';
    expect(
      Object.keys(changes)
        .filter((file) => file.startsWith('libs/'))
        .sort(),
    ).toEqual(
      [
        'README.md',
        'pyproject.toml',
        'src/order_events/__init__.py',
        'src/order_events/chunks.py',
        'src/order_events/py.typed',
        'tests/unit/test_chunks.py',
      ].map((file) => `${root}/${file}`),
    );
    for (const text of Object.values(changes)) {
      expect(text).not.toMatch(/<%|%>|undefined|\[object/);
    }
    const pyproject = parsePyproject(
      changes[`${root}/pyproject.toml`] ?? '',
      'x',
    );
    expect(pyproject).toMatchObject({
      project: { name: 'order-events', description: 'Contracts of "orders"' },
      buildBackend: 'uv_build',
    });
    expect(parseLambdaPyTable(pyproject.lambdaPy, 'x')).toEqual({
      tags: ['type:lib'],
    });
  });

  it('needs no [tool.lambda-py] without tags', async () => {
    const tree = await generate({ name: 'contracts' });
    const text = tree.read('libs/contracts/pyproject.toml', 'utf8') ?? '';
    expect(parsePyproject(text, 'x').lambdaPy).toBeUndefined();
  });

  it('changes no file when it runs again, and keeps what was edited', async () => {
    const tree = trees.settle(await generate({ name: 'contracts' }));
    await generate({ name: 'contracts' }, tree);
    expect(changesOf(tree)).toEqual({});
    tree.write('libs/contracts/src/contracts/__init__.py', '"""Mine."""\n');
    const edited = trees.settle(tree);
    await generate({ name: 'contracts', tags: 'x' }, edited);
    expect(changesOf(edited)).toEqual({});
  });
});
