import { unzipSync } from 'fflate';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPython } from '../workspace/python';
import {
  exportRequirements,
  memberRequirements,
  requireLockFile,
} from '../workspace/requirements';
import { readService } from '../workspace/service';
import { runUv } from '../workspace/uv';
import * as digesting from './archive-digest';
import type { Manifest } from './manifest';
import { packService } from './pack';
import { writeFiles } from './testing/samples';
import { UnusableArchiveError } from './unusable-archive-error';
import * as writing from './write-artifact';

jest.mock('../workspace/uv', () => {
  const actual = jest.requireActual<{ runUv: typeof runUv }>('../workspace/uv');
  return { ...actual, runUv: jest.fn(actual.runUv) };
});

jest.mock('./archive-digest', () => {
  const actual = jest.requireActual<typeof digesting>('./archive-digest');
  return { ...actual, checkedDigest: jest.fn(actual.checkedDigest) };
});

jest.mock('./write-artifact', () => {
  const actual = jest.requireActual<typeof writing>('./write-artifact');
  return { ...actual, writeArtifact: jest.fn(actual.writeArtifact) };
});

const BUILD_SYSTEM = `[build-system]
requires = ["uv_build>=0.9,<1"]
build-backend = "uv_build"
`;
const SERVICE = `[project]
name = "orders"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["six==1.17.0", "colorama==0.4.6; sys_platform == 'win32'", "acme-kit"]
[project.scripts]
orders = "orders.handler:handler"
[tool.uv.sources]
acme-kit = { workspace = true }
${BUILD_SYSTEM}
[tool.lambda-py]
handler = "orders.handler.handler"
runtime = "python3.13"
architecture = "arm64"
bytecode = false
`;
const HANDLER = 'def handler(event, context):\n    return 1\n';

// A real workspace, made once: real uv, real index.
describe('packService', () => {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-pack-')));
  const root = join(parent, 'acme');
  const output = join(root, 'dist/services/orders');
  const pack = (workspaceRoot = root): Promise<Manifest> =>
    packService({
      workspaceRoot,
      service: readService(workspaceRoot, 'services/orders'),
      outputFolder: join(workspaceRoot, 'dist/services/orders'),
    });
  const editService = (edit: (text: string) => string): void => {
    writeFileSync(join(root, 'services/orders/pyproject.toml'), edit(SERVICE));
  };
  const zipPaths = (): string[] =>
    Object.keys(unzipSync(readFileSync(join(output, 'orders.zip'))));

  beforeAll(async () => {
    writeFiles(root, {
      // A constraint has no hash, and must not break the installation by hashes.
      'pyproject.toml':
        '[tool.uv]\nconstraint-dependencies = ["six<2"]\n[tool.uv.workspace]\nmembers = ["services/*", "libs/*"]\n',
      'libs/acme-kit/pyproject.toml': `[project]\nname = "acme-kit"\nversion = "0.2.0"\nrequires-python = ">=3.11"\n${BUILD_SYSTEM}`,
      'libs/acme-kit/src/acme_kit/__init__.py': '',
      'services/orders/pyproject.toml': SERVICE,
      'services/orders/src/orders/__init__.py': '',
      'services/orders/src/orders/handler.py': HANDLER,
      'services/orders/src/orders/data/fixed.json': '{}',
      'services/orders/tests/test_handler.py': '',
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
    writeFiles(root, {
      'services/orders/pyproject.toml': SERVICE,
      'services/orders/src/orders/handler.py': HANDLER,
    });
  });
  afterAll(() => {
    rmSync(parent, { recursive: true, force: true });
  });

  it('packs the closure, the library and the service, and no workspace files', async () => {
    const manifest = await pack();
    expect(zipPaths()).toEqual([
      'acme_kit-0.2.0.dist-info/METADATA',
      'acme_kit-0.2.0.dist-info/RECORD',
      'acme_kit/__init__.py',
      'orders-0.1.0.dist-info/METADATA',
      'orders-0.1.0.dist-info/RECORD',
      'orders-0.1.0.dist-info/entry_points.txt',
      'orders/__init__.py',
      'orders/data/fixed.json',
      'orders/handler.py',
      'six-1.17.0.dist-info/LICENSE',
      'six-1.17.0.dist-info/METADATA',
      'six-1.17.0.dist-info/RECORD',
      'six-1.17.0.dist-info/WHEEL',
      'six-1.17.0.dist-info/top_level.txt',
      'six.py',
    ]);
    expect(
      manifest.distributions.map(({ name, version, local }) => [
        name,
        version,
        local,
      ]),
    ).toEqual([
      ['acme-kit', '0.2.0', true],
      ['orders', '0.1.0', true],
      ['six', '1.17.0', false],
    ]);
    const written: unknown = JSON.parse(
      readFileSync(join(output, 'orders.manifest.json'), 'utf8'),
    );
    expect(written).toEqual(manifest);
    expect(readdirSync(output).sort()).toEqual([
      'orders.manifest.json',
      'orders.sbom.json',
      'orders.zip',
    ]);
    expect(readdirSync(join(root, '.nx/lambda-py/work'))).toEqual([]);
  });

  it('gives the same bytes with a cold cache, at another path, under another umask, and in parallel', async () => {
    const { sha256 } = await pack();
    const other = join(parent, 'another/path/of the same');
    cpSync(root, other, {
      recursive: true,
      filter: (path) =>
        !/\/(?:segments|archives|closures|dist)(?:\/|$)/.test(path),
    });
    const installations = (): number =>
      jest.mocked(runUv).mock.calls.filter(([, [verb]]) => verb === 'pip')
        .length;
    const earlier = installations();
    const umask = process.umask(0o077);
    try {
      const manifests = await Promise.all([pack(other), pack(other)]);
      expect(manifests.map((manifest) => manifest.sha256)).toEqual([
        sha256,
        sha256,
      ]);
      expect(installations()).toBe(earlier + 1);
    } finally {
      process.umask(umask);
    }
    expect(
      readFileSync(join(other, 'dist/services/orders/orders.zip')),
    ).toEqual(readFileSync(join(output, 'orders.zip')));
  });

  it('follows a changed line', async () => {
    const before = await pack();
    writeFileSync(
      join(root, 'services/orders/src/orders/handler.py'),
      `${HANDLER}# changed\n`,
    );
    const after = await pack();
    expect(after.unzippedBytes).toBe(before.unzippedBytes + 10);
  });

  it('builds no wheel where modules alone have changed, and the same zip as where it is built', async () => {
    const builds = (): number =>
      jest.mocked(runUv).mock.calls.filter(([, [verb]]) => verb === 'build')
        .length;
    const sources = join(root, 'services/orders/src/orders');
    writeFileSync(join(sources, 'handler.py'), `${HANDLER}# one\n`);
    await pack();
    const before = builds();
    writeFileSync(join(sources, 'handler.py'), `${HANDLER}# two\n`);
    const { sha256 } = await pack();
    expect(builds()).toBe(before);
    writeFileSync(join(sources, 'more.py'), '');
    await pack();
    expect(builds()).toBe(before + 1);
    rmSync(join(sources, 'more.py'));
    for (const kind of ['segments', 'layouts']) {
      rmSync(join(root, '.nx/lambda-py', kind), { recursive: true });
    }
    expect((await pack()).sha256).toBe(sha256);
    expect(builds()).toBe(before + 3);
  });

  it('makes damaged segments and closures again', async () => {
    const { sha256 } = await pack();
    const kinds = ['archives', 'segments', 'closures', 'locks', 'layouts'];
    for (const kind of kinds) {
      const folder = join(root, '.nx/lambda-py', kind);
      for (const name of readdirSync(folder)) {
        writeFileSync(join(folder, name), 'damaged');
      }
      expect((await pack()).sha256).toBe(sha256);
    }
  });

  it.each([
    [
      'is damaged',
      (path: string) => {
        const archive = readFileSync(path);
        archive[100] = (archive[100] ?? 0) ^ 1;
        writeFileSync(path, archive);
      },
    ],
    [
      'vanishes before it is copied',
      (path: string) => {
        const { writeArtifact: write } =
          jest.requireActual<typeof writing>('./write-artifact');
        jest.mocked(writing.writeArtifact).mockImplementationOnce((request) => {
          rmSync(path);
          return write(request);
        });
      },
    ],
  ])('makes an archive again that %s', async (_, harm) => {
    const { sha256 } = await pack();
    const folder = join(root, '.nx/lambda-py/archives');
    const [name = ''] = readdirSync(folder);
    const archive = readFileSync(join(folder, name));
    harm(join(folder, name));
    expect((await pack()).sha256).toBe(sha256);
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name)).equals(archive)).toBe(true);
  });

  it('does not take the digest of one archive for another that it copied', async () => {
    const { sha256 } = await pack();
    const folder = join(root, '.nx/lambda-py/archives');
    const [name = ''] = readdirSync(folder);
    const good = join(root, 'good');
    cpSync(join(folder, name), good);
    const damaged = readFileSync(good);
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    rmSync(join(folder, name));
    writeFileSync(join(folder, name), damaged);
    const { checkedDigest } =
      jest.requireActual<typeof digesting>('./archive-digest');
    jest
      .mocked(digesting.checkedDigest)
      .mockImplementationOnce(async (start) => {
        // By then it is copied; and another process has noticed the damage, and made it again.
        await delay(100);
        renameSync(good, join(folder, name));
        return checkedDigest(start);
      });
    expect((await pack()).sha256).toBe(sha256);
    const zip = readFileSync(join(output, 'orders.zip'));
    expect(createHash('sha256').update(zip).digest('hex')).toBe(sha256);
  });

  it('tells once what it would tell again when it packs again', async () => {
    const { version } = await findPython(root);
    const runtime = `python${/^3\.\d+/.exec(version)?.[0]}`;
    editService((text) =>
      text.replace('bytecode = false\n', '').replace('python3.13', runtime),
    );
    const broken = join(root, 'services/orders/src/orders/broken.py');
    writeFileSync(broken, 'x = (');
    const warnings: string[] = [];
    jest
      .mocked(writing.writeArtifact)
      .mockRejectedValueOnce(new UnusableArchiveError());
    try {
      await packService({
        workspaceRoot: root,
        service: readService(root, 'services/orders'),
        outputFolder: output,
        onWarning: (message) => warnings.push(message),
      });
    } finally {
      rmSync(broken);
    }
    expect(warnings.filter((one) => one.includes('broken.py'))).toHaveLength(1);
  });

  it('gives the zip the mode of the moment, whoever has made the archive', async () => {
    const modeOfZip = (): number =>
      statSync(join(output, 'orders.zip')).mode & 0o777;
    const before = process.umask(0o077);
    try {
      await pack();
      expect(modeOfZip()).toBe(0o600);
      process.umask(0o022);
      await pack();
      expect(modeOfZip()).toBe(0o644);
    } finally {
      process.umask(before);
    }
  });

  it('packs the same without a cache, which costs time alone', async () => {
    const { sha256 } = await pack();
    // Not the whole folder: where this machine has no uv, it is in there.
    const folders = [
      ...['archives', 'segments', 'closures', 'sboms', 'interpreters'],
      ...['work', 'locks', 'layouts'],
    ];
    const paths = folders.map((name) => join(root, '.nx/lambda-py', name));
    for (const path of paths) {
      rmSync(path, { recursive: true, force: true });
      writeFileSync(path, 'a file');
    }
    try {
      expect((await pack()).sha256).toBe(sha256);
    } finally {
      for (const path of paths) rmSync(path, { recursive: true });
    }
  });

  it('notices a damaged cache of uv, and outlives one that has vanished', async () => {
    const { sha256 } = await pack();
    const before = process.env['UV_CACHE_DIR'];
    const uvCache = join(parent, 'uv-cache');
    process.env['UV_CACHE_DIR'] = uvCache;
    const forget = (): void => {
      for (const kind of ['archives', 'segments']) {
        rmSync(join(root, '.nx/lambda-py', kind), { recursive: true });
      }
    };
    try {
      forget();
      expect((await pack()).sha256).toBe(sha256);
      const [cached] = readdirSync(uvCache, {
        recursive: true,
        encoding: 'utf8',
      }).filter((path) => path.endsWith('/six.py'));
      appendFileSync(join(uvCache, cached ?? ''), '# damage\n');
      forget();
      await expect(pack()).rejects.toThrow(
        /a file of six is not what its wheel says[^]*six\.py has another hash[^]*uv cache clean six/,
      );
      rmSync(uvCache, { recursive: true });
      expect((await pack()).sha256).toBe(sha256);
    } finally {
      if (before === undefined) delete process.env['UV_CACHE_DIR'];
      else process.env['UV_CACHE_DIR'] = before;
    }
  });

  it('keeps the earlier output when the handler is missing', async () => {
    const { sha256 } = await pack();
    writeFileSync(
      join(root, 'services/orders/src/orders/handler.py'),
      'def main(): ...\n',
    );
    await expect(pack()).rejects.toThrow(
      /does not define handler\n.*\n.*: main\n/,
    );
    editService((text) => text.replace('"orders.handler.', '"orders.app.'));
    await expect(pack()).rejects.toThrow('no module orders.app');
    expect(readdirSync(output).sort()).toEqual([
      'orders.manifest.json',
      'orders.sbom.json',
      'orders.zip',
    ]);
    expect(
      readFileSync(join(output, 'orders.manifest.json'), 'utf8'),
    ).toContain(sha256);
  });

  it.each([
    [
      'package = false',
      (text: string) => `${text}[tool.uv]\npackage = false\n`,
      /\[tool\.uv\] package: orders is not built as a package/,
    ],
    [
      'no build system',
      (text: string) => text.replace(BUILD_SYSTEM, ''),
      /orders is not built as a package/,
    ],
    [
      'a build that fails',
      (text: string) =>
        `${text}[tool.uv.build-backend]\nmodule-name = "elsewhere"\n`,
      /wheel of orders could not be built\n[^]*at: services\/orders\/src\/elsewhere/,
    ],
    [
      'dependencies that are not locked',
      (text: string) => text.replace('"acme-kit"]', '"acme-kit", "attrs"]'),
      /services\/orders\/pyproject\.toml: \[project\] dependencies: uv\.lock is older [^]*attrs, which uv\.lock does not have\n/,
    ],
    [
      'a service for another Python',
      (text: string) => text.replace('>=3.11', '>=3.14'),
      /services\/orders\/pyproject\.toml: \[project\] requires-python: the project is not made for python3\.13/,
    ],
  ])('refuses %s with the mend', async (_, edit, message) => {
    editService(edit);
    await expect(pack()).rejects.toThrow(message);
  });

  it('packs bytecode that is the same wherever and whenever it is made', async () => {
    const python = await findPython(root);
    const version = /^3\.\d+/.exec(python.version)?.[0] ?? '';
    editService((text) =>
      text
        .replace('bytecode = false\n', '')
        .replace('python3.13', `python${version}`),
    );
    const manifest = await pack();
    expect(manifest.bytecodePython).toMatch(`${version}.`);
    const tag = version.replace('.', '');
    expect(zipPaths()).toEqual(
      expect.arrayContaining([
        `__pycache__/six.cpython-${tag}.pyc`,
        `orders/__pycache__/handler.cpython-${tag}.pyc`,
        `acme_kit/__pycache__/__init__.cpython-${tag}.pyc`,
      ]),
    );
    const other = join(parent, 'bytecode elsewhere');
    cpSync(root, other, {
      recursive: true,
      filter: (path) =>
        !/\/(?:segments|archives|closures|dist)(?:\/|$)/.test(path),
    });
    expect((await pack(other)).sha256).toBe(manifest.sha256);
  });

  it('follows the options on what goes into the zip', async () => {
    writeFiles(root, { 'services/orders/config/a.json': '{}' });
    editService(
      (text) =>
        `${text}provided = ["Six"]\ninclude = ["config"]\nexclude = ["orders/data"]\n`,
    );
    await pack();
    const paths = zipPaths();
    expect(paths).toContain('config/a.json');
    expect(paths).toContain('orders/handler.py');
    expect(
      paths.filter((path) => /^six|^orders\/data|^pyproject/.test(path)),
    ).toEqual([]);
  });

  it.each([
    [
      'provided = ["boto3", "orders"]',
      /provided: no runtime has the service[^]*boto3, orders\n.*: acme-kit, colorama, six\n/,
    ],
    ['include = ["konfig"]', /include: the glob matches no file/],
    ['exclude = ["["]', /exclude: the glob is broken/],
    ['include = ["tests/**"]', /include: the glob matches no file/],
    ['include = ["docs/**"]', /include: the glob matches no file/],
    ['botocore-services = ["s3"]', /the artifact has no botocore/],
    ['budgets = { zip = "1 kB" }', /over its budget[^]*six 1\.17\.0/],
  ])('refuses %s, and keeps the earlier output', async (line, message) => {
    editService((text) => text);
    const { sha256 } = await pack();
    editService((text) => `${text}${line}\n`);
    await expect(pack()).rejects.toThrow(message);
    expect(
      readFileSync(join(output, 'orders.manifest.json'), 'utf8'),
    ).toContain(sha256);
  });

  it('refuses sources of which Nx would not see a change, and tells of others', async () => {
    const folder = join(root, 'services/orders');
    writeFiles(root, {
      'shared/limits.py': '',
      'shared/Makefile': '',
      'services/orders/src/orders/web/index.html': '',
    });
    const links = [
      ['../../shared/Makefile', join(folder, 'Makefile')],
      ['../../shared', join(folder, 'settings')],
      ['../../../../shared/limits.py', join(folder, 'src/orders/limits.py')],
    ] as const;
    const warnings: string[] = [];
    const packSeen = () =>
      packService({
        workspaceRoot: root,
        service: readService(root, 'services/orders'),
        outputFolder: output,
        projectFolders: new Set(['services/orders/src/orders/web']),
        onWarning: (message) => warnings.push(message),
      });
    try {
      for (const [target, path] of links) symlinkSync(target, path);
      await expect(packSeen()).rejects.toThrow(
        /^services\/orders\/src\/orders\/limits\.py: [^]*: {4}services\/orders\/src\/orders\/limits\.py -> shared\/limits\.py\n/,
      );
      rmSync(join(folder, 'src/orders/limits.py'));
      await expect(packSeen()).rejects.toThrow(
        'services/orders/src/orders/web: the folder is another project of Nx',
      );
      rmSync(join(folder, 'src/orders/web'), { recursive: true });
      editService((text) => `${text}include = ["settings/*.py"]\n`);
      await expect(packSeen()).rejects.toThrow('settings -> shared\n');
      editService((text) => text);
      await packSeen();
      expect(warnings.join('\n')).toContain(
        'services/orders/Makefile is not packed: it is a symbolic link to shared/Makefile',
      );
    } finally {
      for (const [, path] of links) {
        rmSync(path, { recursive: true, force: true });
      }
      rmSync(join(folder, 'src/orders/web'), { recursive: true, force: true });
    }
  });

  it.each(['orders.manifest.json', 'orders.report.html'])(
    'leaves the earlier output whole where %s is a folder',
    async (name) => {
      editService((text) => text);
      await pack();
      const zip = (): Buffer => readFileSync(join(output, 'orders.zip'));
      const earlier = zip();
      rmSync(join(output, name), { force: true });
      mkdirSync(join(output, name));
      editService((text) => `${text}exclude = ["six.py"]\n`);
      await expect(pack()).rejects.toThrow(
        /a folder is in the place of a file[^]*mend: {5}remove that folder/,
      );
      rmSync(join(output, name), { recursive: true });
      expect(zip().equals(earlier)).toBe(true);
      await pack();
      expect(zip().equals(earlier)).toBe(false);
    },
  );

  it('writes the report only when it is wanted', async () => {
    const options = {
      workspaceRoot: root,
      service: readService(root, 'services/orders'),
      outputFolder: output,
    };
    await packService({ ...options, report: true });
    const report = readFileSync(join(output, 'orders.report.html'), 'utf8');
    expect(report).toContain('six.py');
    expect(report).not.toMatch(/(?:src|href)=["']?https?:/);
    await packService(options);
    expect(readdirSync(output)).not.toContain('orders.report.html');
  });

  it('explains what the disk refuses', async () => {
    writeFileSync(join(root, 'taken'), '');
    await expect(
      packService({
        workspaceRoot: root,
        service: readService(root, 'services/orders'),
        outputFolder: join(root, 'taken/orders'),
      }),
    ).rejects.toThrow('a file is in the place of its folder');
  });
});
