import { failureOf } from '../../testing/errors';
import { changesOf, useTrees } from '../../testing/trees';
import { parsePyproject } from '../../workspace/pyproject';
import { describeArtifactProject } from '../../workspace/service';
import layerGenerator, { parseDependencies } from './generator';
import type { LayerGeneratorSchema } from './schema';

const trees = useTrees();
const FILE = 'layers/analytics-layer/pyproject.toml';

async function generate(
  options: Partial<LayerGeneratorSchema> = {},
  tree = trees.make(),
) {
  await layerGenerator(tree, {
    name: 'Analytics_Layer',
    dependencies: 'numpy>=2,<3, pandas',
    runtime: 'python3.13',
    skipLock: true,
    ...options,
  });
  return tree;
}

describe('the generator layer', () => {
  it('generates a layer, whole', async () => {
    const tree = await generate({
      architecture: 'arm64',
      description: 'Numbers for "all"',
      tags: 'type:layer',
    });
    const files = Object.keys(changesOf(tree)).filter((file) =>
      file.startsWith('layers/'),
    );
    expect(files.sort()).toEqual([
      'layers/analytics-layer/README.md',
      'layers/analytics-layer/pyproject.toml',
    ]);
    const text = tree.read(FILE, 'utf8') ?? '';
    expect(text).toContain('  "numpy>=2,<3",\n  "pandas",\n]');
    const pyproject = parsePyproject(text, FILE);
    expect(pyproject).toMatchObject({
      project: { name: 'analytics-layer', description: 'Numbers for "all"' },
      isPackage: false,
    });
    expect(describeArtifactProject(pyproject).layer).toMatchObject({
      projectRoot: 'layers/analytics-layer',
      runtime: { identifier: 'python3.13' },
      architecture: 'arm64',
    });
    expect(tree.read('pyproject.toml', 'utf8')).toContain('layers/');
  });

  it('takes libraries of the workspace from the workspace', async () => {
    const tree = trees.make();
    tree.write('libs/kit/pyproject.toml', '[project]\nname = "Acme_Kit"\n');
    await generate({ dependencies: 'acme-kit,numpy' }, tree);
    expect(tree.read(FILE, 'utf8')).toContain(
      '[tool.uv.sources]\nacme-kit = { workspace = true }\n',
    );
  });

  it('changes no file when it runs again', async () => {
    const tree = trees.settle(await generate());
    await generate({ dependencies: 'other' }, tree);
    expect(changesOf(tree)).toEqual({});
  });

  it('writes nothing when an option cannot be used', async () => {
    const tree = trees.make();
    await expect(
      generate({ dependencies: 'numpy, ../other' }, tree),
    ).rejects.toThrow('--dependencies');
    await expect(generate({ runtime: 'python2.7' }, tree)).rejects.toThrow(
      '--runtime',
    );
    expect(changesOf(tree)).toEqual({});
  });
});

describe('parseDependencies', () => {
  it('splits between requirements, and not within one', () => {
    expect(
      parseDependencies('numpy>=2, <3 , a[b,c]~=1.0,d ; python_version<"3.12"'),
    ).toEqual(['numpy>=2, <3', 'a[b,c]~=1.0', 'd ; python_version<"3.12"']);
  });

  it.each(['', ' , ', '-e .', 'numpy,&', 'numpy pandas'])(
    'refuses %j',
    (text) => {
      expect(failureOf(() => parseDependencies(text))).toContain('such as');
    },
  );
});
