import { unzipSync } from 'fflate';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  exportRequirements,
  memberRequirements,
  requireLockFile,
} from '../workspace/requirements';
import { readService } from '../workspace/service';
import { runUv } from '../workspace/uv';
import { packService } from './pack';
import { writeFiles } from './testing/samples';

interface Backend {
  /** What `requires` asks for, and an earlier version of it. */
  readonly requires: string;
  readonly earlier: string;
  readonly module: string;
  /** More of pyproject.toml. */
  readonly table: string;
  /** What it packs of its own beside METADATA and RECORD. */
  readonly extra: readonly string[];
}

const BACKENDS: Readonly<Record<string, Backend>> = {
  hatchling: {
    requires: 'hatchling>=1.27',
    earlier: 'hatchling==1.20.0',
    module: 'hatchling.build',
    table: '[tool.hatch.build.targets.wheel]\npackages = ["src/acme_kit"]\n',
    extra: [],
  },
  setuptools: {
    requires: 'setuptools>=80',
    earlier: 'setuptools==77.0.3',
    module: 'setuptools.build_meta',
    table: '[tool.setuptools.package-data]\nacme_kit = ["data/*.json"]\n',
    extra: ['acme_kit-0.2.0.dist-info/top_level.txt'],
  },
};
const SERVICE = `[project]
name = "orders"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["acme-kit"]
[tool.uv.sources]
acme-kit = { workspace = true }
[build-system]
requires = ["uv_build>=0.9,<1"]
build-backend = "uv_build"
[tool.lambda-py]
handler = "orders.handler.handler"
runtime = "python3.13"
bytecode = false
`;

function libraryOf({ module, table }: Backend, requires: string): string {
  return `[project]
name = "acme-kit"
version = "0.2.0"
description = "What services share"
requires-python = ">=3.11"
readme = "README.md"
[project.scripts]
kit = "acme_kit:main"
[build-system]
requires = ["${requires}"]
build-backend = "${module}"
${table}`;
}

// Real backends, from the real index.
describe.each(Object.entries(BACKENDS))('a library of %s', (_, backend) => {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-build-')));
  const root = join(parent, 'acme');
  const library = 'libs/acme-kit/pyproject.toml';
  const pack = async (workspaceRoot = root): Promise<string> => {
    const { sha256 } = await packService({
      workspaceRoot,
      service: readService(workspaceRoot, 'services/orders'),
      outputFolder: join(workspaceRoot, 'dist/services/orders'),
    });
    return sha256;
  };
  const zipOf = (): Record<string, Uint8Array> =>
    unzipSync(readFileSync(join(root, 'dist/services/orders/orders.zip')));

  beforeAll(async () => {
    writeFiles(root, {
      'pyproject.toml':
        '[tool.uv.workspace]\nmembers = ["services/*", "libs/*"]\n',
      [library]: libraryOf(backend, backend.requires),
      'libs/acme-kit/README.md': '# Kit\n',
      'libs/acme-kit/src/acme_kit/__init__.py': 'VALUE = 1\n',
      'libs/acme-kit/src/acme_kit/data/fixed.json': '{}\n',
      'libs/acme-kit/tests/test_kit.py': '',
      'services/orders/pyproject.toml': SERVICE,
      'services/orders/src/orders/__init__.py': '',
      'services/orders/src/orders/handler.py':
        'def handler(event, context):\n    return 1\n',
    });
    const { exitCode, stderr } = await runUv(root, ['lock']);
    if (exitCode !== 0) throw new Error(stderr);
    const requirements = memberRequirements(requireLockFile(root), {
      projectName: 'orders',
      projectRoot: 'services/orders',
    });
    writeFileSync(
      join(root, requirements.file),
      await exportRequirements(root, requirements),
    );
  }, 180_000);
  beforeEach(() => {
    writeFileSync(join(root, library), libraryOf(backend, backend.requires));
  });
  afterAll(() => {
    rmSync(parent, { recursive: true, force: true });
  });

  it('is packed as its wheel has it', async () => {
    await pack();
    const zip = zipOf();
    expect(Object.keys(zip).filter((path) => path.startsWith('acme'))).toEqual(
      [
        'acme_kit-0.2.0.dist-info/METADATA',
        'acme_kit-0.2.0.dist-info/RECORD',
        'acme_kit-0.2.0.dist-info/entry_points.txt',
        ...backend.extra,
        'acme_kit/__init__.py',
        'acme_kit/data/fixed.json',
      ].sort(),
    );
    expect(Buffer.from(zip['acme_kit/__init__.py'] ?? []).toString()).toBe(
      'VALUE = 1\n',
    );
    // Nothing that building leaves is in the workspace afterwards.
    for (const leftover of ['build', 'dist', 'src/acme_kit.egg-info']) {
      expect(existsSync(join(root, 'libs/acme-kit', leftover))).toBe(false);
    }
  });

  it('has the same bytes with cold caches, from another path and with other times', async () => {
    const sha256 = await pack();
    const other = join(parent, 'another/path of the same');
    cpSync(root, other, {
      recursive: true,
      filter: (path) => !/\/(?:segments|closures|dist)(?:\/|$)/.test(path),
    });
    for (const file of ['__init__.py', 'data/fixed.json']) {
      const path = join(other, 'libs/acme-kit/src/acme_kit', file);
      utimesSync(path, 1_000_000_000, 1_000_000_000);
    }
    expect(await pack(other)).toBe(sha256);
  });

  it('has nothing of an earlier build', async () => {
    const sha256 = await pack();
    const stale = 'libs/acme-kit/build/lib/acme_kit/stale.py';
    writeFiles(root, {
      [stale]: 'STALE = True\n',
      'libs/acme-kit/src/acme_kit.egg-info/SOURCES.txt': 'stale.py\n',
    });
    rmSync(join(root, '.nx/lambda-py/segments'), { recursive: true });
    expect(await pack()).toBe(sha256);
    expect(existsSync(join(root, stale))).toBe(true);
    for (const folder of ['build', 'src/acme_kit.egg-info']) {
      rmSync(join(root, 'libs/acme-kit', folder), { recursive: true });
    }
  });

  it('has the same bytes from another version of the backend', async () => {
    await pack();
    const expected = zipOf();
    writeFileSync(join(root, library), libraryOf(backend, backend.earlier));
    await pack();
    expect(zipOf()).toEqual(expected);
  });
});
