import { unzipSync } from 'fflate';
import {
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  exportRequirements,
  memberRequirements,
  requireLockFile,
} from '../workspace/requirements';
import { readArtifactProject, readService } from '../workspace/service';
import { runUv } from '../workspace/uv';
import type { Manifest } from './manifest';
import { packLayer, packService } from './pack';
import * as planning from './plan-artifact';
import { writeFiles } from './testing/samples';
import { UnusableArchiveError } from './unusable-archive-error';

jest.mock('./plan-artifact', () => {
  const actual = jest.requireActual<typeof planning>('./plan-artifact');
  return { ...actual, planArtifact: jest.fn(actual.planArtifact) };
});

const BUILD_SYSTEM = `[build-system]
requires = ["uv_build>=0.9,<1"]
build-backend = "uv_build"
`;
const PLATFORM = 'runtime = "python3.13"\nbytecode = false\n';
const SOURCES = '[tool.uv.sources]\nacme-kit = { workspace = true }\n';
const SERVICE = `[project]
name = "orders"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["six", "attrs==25.4.0", "acme-kit"]
${SOURCES}${BUILD_SYSTEM}[tool.lambda-py]
handler = "orders.handler.handler"
layers = ["kit-layer"]
${PLATFORM}`;
const LAYER = `[project]
name = "kit-layer"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["six", "iniconfig==2.3.0", "acme-kit"]
${SOURCES}[tool.uv]
package = false
[tool.lambda-py]
layer = true
${PLATFORM}`;
const ROOT = `[tool.uv.workspace]
members = ["services/*", "libs/*", "layers/*"]
`;

// A real workspace: real uv, real index.
describe('layers', () => {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-layer-')));
  const root = join(parent, 'acme');
  const members: Record<string, string> = {
    orders: 'services/orders',
    'kit-layer': 'layers/kit-layer',
  };
  const lock = async (): Promise<void> => {
    const { exitCode, stderr } = await runUv(root, ['lock']);
    if (exitCode !== 0) throw new Error(stderr);
    for (const [projectName, projectRoot] of Object.entries(members)) {
      const requirements = memberRequirements(requireLockFile(root), {
        projectName,
        projectRoot,
      });
      writeFileSync(
        join(root, requirements.file),
        await exportRequirements(root, requirements),
      );
    }
  };
  const warnings: string[] = [];
  const pack = (): Promise<Manifest> =>
    packService({
      onWarning: (message) => warnings.push(message),
      workspaceRoot: root,
      service: readService(root, 'services/orders'),
      outputFolder: join(root, 'dist/services/orders'),
    });
  const packTheLayer = (): Promise<Manifest> => {
    const { layer } = readArtifactProject(root, 'layers/kit-layer');
    if (layer === undefined) throw new Error('not a layer');
    return packLayer({
      workspaceRoot: root,
      layer,
      outputFolder: join(root, 'dist/layers/kit-layer'),
    });
  };
  const zipPaths = (zip: string): string[] =>
    Object.keys(unzipSync(readFileSync(join(root, 'dist', zip))));
  const edit = (file: string, text: string): void => {
    writeFileSync(join(root, file, 'pyproject.toml'), text);
  };

  beforeAll(async () => {
    writeFiles(root, {
      'pyproject.toml': ROOT,
      'libs/acme-kit/pyproject.toml': `[project]\nname = "acme-kit"\nversion = "0.2.0"\nrequires-python = ">=3.11"\n${BUILD_SYSTEM}`,
      'libs/acme-kit/src/acme_kit/__init__.py': '',
      'services/orders/pyproject.toml': SERVICE,
      'services/orders/src/orders/__init__.py': '',
      'services/orders/src/orders/handler.py':
        'def handler(event, context):\n    return 1\n',
      'layers/kit-layer/pyproject.toml': LAYER,
    });
    await lock();
  }, 180_000);
  beforeEach(() => {
    warnings.length = 0;
    edit('.', ROOT);
    edit('services/orders', SERVICE);
    edit('layers/kit-layer', LAYER);
  });
  afterAll(() => {
    rmSync(parent, { recursive: true, force: true });
  });

  it('packs a layer below python/, byte for byte the same twice', async () => {
    const manifest = await packTheLayer();
    expect(manifest).not.toHaveProperty('handler');
    expect(manifest.distributions.map(({ name }) => name)).toEqual([
      'acme-kit',
      'iniconfig',
      'six',
    ]);
    const paths = zipPaths('layers/kit-layer/kit-layer.zip');
    expect(paths).toContain('python/six.py');
    expect(paths).toContain('python/acme_kit/__init__.py');
    expect(paths.filter((path) => !path.startsWith('python/'))).toEqual([]);
    // The caches, and not the uv that was provided.
    for (const cache of ['archives', 'segments', 'closures']) {
      rmSync(join(root, '.nx/lambda-py', cache), { recursive: true });
    }
    expect((await packTheLayer()).sha256).toBe(manifest.sha256);
  });

  it('leaves out of the service what the layer holds, and nothing else', async () => {
    const layer = await packTheLayer();
    const manifest = await pack();
    expect(manifest.distributions.map(({ name }) => name)).toEqual([
      'attrs',
      'orders',
    ]);
    expect(manifest.layers).toEqual([
      { name: 'kit-layer', unzippedBytes: layer.unzippedBytes },
    ]);
    expect(
      zipPaths('services/orders/orders.zip').filter((path) =>
        /six|acme_kit/.test(path),
      ),
    ).toEqual([]);
  });

  it('outlives an archive of the layer that is of no use', async () => {
    const { sha256 } = await pack();
    jest
      .mocked(planning.planArtifact)
      .mockRejectedValueOnce(new UnusableArchiveError());
    expect((await pack()).sha256).toBe(sha256);
    expect(planning.planArtifact).toHaveBeenCalledWith(
      expect.objectContaining({
        project: expect.objectContaining({
          projectName: 'kit-layer',
        }) as object,
        isArchiveUsed: false,
      }),
    );
  });

  it('packs into the service what the layer leaves out', async () => {
    edit('layers/kit-layer', `${LAYER}provided = ["six"]\n`);
    const { distributions } = await pack();
    expect(distributions.map(({ name }) => name)).toContain('six');
  });

  it.each([
    ['a module', 'exclude = ["six.py"]', 'six', /six\.py/],
    [
      'a file of a library of the workspace',
      'exclude = ["acme_kit/**"]',
      'acme-kit',
      /acme_kit\/__init__\.py/,
    ],
  ])(
    'packs into the service what the layer holds without %s, and says so',
    async (_, option, name, path) => {
      edit('layers/kit-layer', `${LAYER}${option}\n`);
      const { distributions } = await pack();
      expect(distributions.map((one) => one.name)).toContain(name);
      expect(
        warnings.filter((text) => text.includes('kit-layer leaves out files')),
      ).toEqual([expect.stringMatching(path)]);
      // What the service itself would leave out is not missed.
      edit('services/orders', `${SERVICE}${option}\n`);
      warnings.length = 0;
      const shared = await pack();
      expect(shared.distributions.map((one) => one.name)).not.toContain(name);
      expect(warnings).toEqual([]);
    },
  );

  it('leaves out what the layer holds without what no program reads', async () => {
    edit('layers/kit-layer', `${LAYER}strip = ["tests", "docs"]\n`);
    const { distributions } = await pack();
    expect(distributions.map(({ name }) => name)).toEqual(['attrs', 'orders']);
    expect(warnings).toEqual([]);
  });

  it.each([
    [
      'a layer that is not there',
      'services/orders',
      SERVICE.replace('"kit-layer"', '"other-layer"'),
      /layers: the workspace has no layer other-layer\n[^]*nx g lambda-py:layer other-layer/,
    ],
    [
      'a library in the place of a layer',
      'services/orders',
      SERVICE.replace('"kit-layer"', '"Acme_Kit"'),
      /layers: acme-kit is not a layer/,
    ],
    [
      'a layer for another runtime',
      'layers/kit-layer',
      LAYER.replace('python3.13', 'python3.12'),
      /another platform than orders\n.*python3\.12 on x86_64\n.*python3\.13 on x86_64/,
    ],
    [
      'a layer for another architecture',
      'layers/kit-layer',
      LAYER.replace('bytecode', 'architecture = "arm64"\nbytecode'),
      /another platform than orders\n.*python3\.13 on arm64\n/,
    ],
  ])('refuses %s', async (_, file, text, message) => {
    edit(file, text);
    await expect(pack()).rejects.toThrow(message);
  });

  it('refuses a layer that is not locked as uv.lock says', async () => {
    const file = join(root, 'layers/kit-layer/requirements.txt');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('iniconfig==2.3.0', 'iniconfig==2.2.0'));
    await expect(pack()).rejects.toThrow('layers/kit-layer/requirements.txt');
    writeFileSync(file, text);
  });

  it('refuses an empty layer', async () => {
    edit('layers/kit-layer', `${LAYER}exclude = ["**"]\n`);
    await expect(packTheLayer()).rejects.toThrow(
      /kit-layer holds nothing\n[^]*uv add --package kit-layer/,
    );
  });

  it('refuses files that differ between two layers, and a package that hides one of a layer', async () => {
    writeFiles(root, {
      'libs/acme-clash/pyproject.toml': `[project]\nname = "acme-clash"\nversion = "0.2.0"\nrequires-python = ">=3.11"\n${BUILD_SYSTEM}[tool.uv.build-backend]\nmodule-name = "acme_kit"\n`,
      'libs/acme-clash/src/acme_kit/__init__.py': 'CLASH = 1\n',
      'layers/clash-layer/pyproject.toml': LAYER.replace(
        'kit-layer',
        'clash-layer',
      ).replaceAll('acme-kit', 'acme-clash'),
    });
    members['clash-layer'] = 'layers/clash-layer';
    edit(
      'services/orders',
      SERVICE.replace('"kit-layer"', '"kit-layer", "clash-layer"'),
    );
    await lock();
    await expect(pack()).rejects.toThrow(
      'acme_kit/__init__.py of acme-kit in kit-layer, and of acme-clash in clash-layer',
    );
    const SOURCE = 'acme-kit = { workspace = true }\n';
    edit(
      'services/orders',
      SERVICE.replace('"acme-kit"]', '"acme-kit", "acme-clash"]').replace(
        SOURCE,
        `${SOURCE}${SOURCE.replace('kit', 'clash')}`,
      ),
    );
    await lock();
    await expect(pack()).rejects.toThrow(
      'acme_kit/__init__.py of acme-clash in the zip, acme_kit/__init__.py of acme-kit in kit-layer',
    );
  });

  it('refuses versions that differ, which uv locks where a conflict is declared', async () => {
    edit(
      '.',
      `${ROOT}[tool.uv]\nconflicts = [[{ package = "orders" }, { package = "kit-layer" }]]\n`,
    );
    edit('services/orders', SERVICE.replace('"six"', '"six==1.17.0"'));
    edit('layers/kit-layer', LAYER.replace('"six"', '"six==1.16.0"'));
    await lock();
    await expect(pack()).rejects.toThrow(
      'six 1.16.0 in kit-layer, but six 1.17.0 in services/orders/requirements.txt',
    );
  });
});
