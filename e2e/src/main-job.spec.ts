import { unzipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Workspace } from './support/workspace';

interface Manifest {
  readonly handler: string;
  readonly runtime: string;
  readonly architecture: string;
  readonly zipBytes: number;
  readonly unzippedBytes: number;
  readonly sha256: string;
  readonly codeSha256: string;
  readonly distributions: readonly {
    readonly name: string;
    readonly version: string;
    readonly bytes: number;
  }[];
}

const SERVICES = [
  { given: 'orders', name: 'orders', package: 'orders', source: 'api' },
  {
    given: 'order_events',
    name: 'order-events',
    package: 'order_events',
    source: 'api',
  },
  { given: 'billing', name: 'billing', package: 'billing', source: 'direct' },
  {
    given: 'Zone-Export',
    name: 'zone-export',
    package: 'zone_export',
    source: 'direct',
  },
] as const;

describe('the main job', () => {
  let workspace: Workspace;

  const manifestOf = (name: string): Manifest =>
    JSON.parse(
      workspace.read(`dist/services/${name}/${name}.manifest.json`),
    ) as Manifest;
  const zipOf = (name: string): Buffer =>
    readFileSync(join(workspace.root, `dist/services/${name}/${name}.zip`));

  beforeAll(() => {
    // A space in the path breaks what is not passed as one argument.
    workspace = Workspace.create('acme corp');
    workspace.nx(['generate', 'lambda-py:init']);
    for (const { given, source } of SERVICES) {
      workspace.nx([
        ...['generate', 'lambda-py:service', given, `--source=${source}`],
        '--description=Takes "orders" & <more>: #1 \\o/',
        '--tags=scope:orders,type:service',
      ]);
    }
    workspace.nx(['generate', 'lambda-py:library', 'contracts']);
    for (const service of ['orders', 'billing']) {
      workspace.uv(['add', '--quiet', '--package', service, 'contracts']);
    }
    workspace.commit('services');
  });

  afterAll(() => {
    workspace.remove();
  });

  it('needs no sync for a library that brings nothing new', () => {
    workspace.nx(['sync:check']);
  });

  it('passes every gate untouched, with every name', () => {
    const output = workspace.nx([
      ...['run-many', '--targets=lint,typecheck,test,pack'],
      '--output-style=static',
    ]);

    expect(output).toContain('Successfully ran targets');
    // Each gate of coverage is passed by every project.
    expect(output.match(/coverage: .* % of lines/g)).toHaveLength(6);
  });

  it.each(['init', 'service', 'library'])(
    'changes no file when %s is generated again',
    (generator) => {
      const again = {
        init: [['lambda-py:init']],
        service: SERVICES.map(({ given, source }) => [
          'lambda-py:service',
          given,
          `--source=${source}`,
        ]),
        library: [['lambda-py:library', 'contracts']],
      }[generator];
      for (const args of again ?? []) workspace.nx(['generate', ...args]);

      expect(workspace.changes()).toBe('');
    },
  );

  it('explains every target of a service', () => {
    const project = JSON.parse(
      workspace.nx(['show', 'project', 'orders', '--json']),
    ) as {
      tags: string[];
      targets: Record<string, { metadata?: Record<string, unknown> }>;
    };

    expect(Object.keys(project.targets).sort()).toEqual([
      'audit',
      'coldstart',
      'deploy',
      'format',
      'invoke',
      'lint',
      'pack',
      'rollback',
      'serve',
      'test',
      'typecheck',
      'validate',
    ]);
    for (const { metadata } of Object.values(project.targets)) {
      expect(metadata).toMatchObject({
        description: expect.stringMatching(/./) as string,
        technologies: expect.arrayContaining([
          expect.stringMatching(
            /^(?:ruff|pyright|pytest|bandit|aws-lambda|sam)$/,
          ) as string,
        ]) as string[],
        help: { command: expect.stringContaining('nx run') as string },
      });
    }
    expect(project.tags).toEqual(
      expect.arrayContaining(['scope:orders', 'type:service']),
    );
  });

  it.each(SERVICES)('packs $name with a true manifest', ({ name, ...its }) => {
    const manifest = manifestOf(name);
    const zip = zipOf(name);
    const entries = unzipSync(zip);
    const digest = createHash('sha256').update(zip);

    expect(manifest).toMatchObject({
      handler: `${its.package}.handler.handler`,
      architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
      zipBytes: zip.length,
      unzippedBytes: Object.values(entries).reduce(
        (sum, content) => sum + content.length,
        0,
      ),
      sha256: digest.copy().digest('hex'),
      codeSha256: digest.digest('base64'),
    });
    const names = manifest.distributions.map(
      (distribution) => distribution.name,
    );
    expect(names).toEqual(
      expect.arrayContaining([name, 'lambda-kit', 'boto3', 'pydantic']),
    );
    expect(names).not.toEqual(expect.arrayContaining(['moto']));
    expect(names.includes('contracts')).toBe(
      ['orders', 'billing'].includes(name),
    );
  });

  it('packs neither tests nor what belongs to the workspace nor its paths', () => {
    const entries = unzipSync(zipOf('orders'));

    expect(
      Object.keys(entries).filter((path) =>
        /(^|\/)(tests|events|infra|bin)\/|local\.env|direct_url|uv_cache/.test(
          // A distribution may have a package of such a name; the service has none.
          path.replace(
            /^(boto3|botocore|pydantic|aws_lambda_powertools)\/.*/,
            '',
          ),
        ),
      ),
    ).toEqual([]);
    const path = Buffer.from(workspace.root);
    expect(
      Object.entries(entries)
        .filter(([, content]) => Buffer.from(content).includes(path))
        .map(([name]) => name),
    ).toEqual([]);
  });

  it('packs the same bytes again without any cache', () => {
    const before = manifestOf('orders').sha256;
    workspace.expect('rm', [
      '-rf',
      ...['archives', 'segments'].map((name) => `.nx/lambda-py/${name}`),
      'dist',
    ]);
    workspace.nx(['run', 'orders:pack', '--skip-nx-cache']);

    expect(manifestOf('orders').sha256).toBe(before);
  });

  it.each([
    ['python3.13', 'arm64', 0xb7],
    ['python3.12', 'x86_64', 0x3e],
  ])('packs for %s on %s', (runtime, architecture, machine) => {
    // This machine need not have an interpreter of that version to compile with.
    workspace.replace(
      'services/orders/pyproject.toml',
      '[tool.lambda-py]\n',
      '[tool.lambda-py]\nbytecode = false\n',
    );
    const text = workspace
      .read('services/orders/pyproject.toml')
      .replace(/^runtime = .*$/m, `runtime = "${runtime}"`)
      .replace(/^architecture = .*$/m, `architecture = "${architecture}"`);
    workspace.write('services/orders/pyproject.toml', text);
    workspace.nx(['run', 'orders:pack']);
    const libraries = Object.entries(unzipSync(zipOf('orders'))).filter(
      ([path]) => path.endsWith('.so'),
    );

    expect(manifestOf('orders')).toMatchObject({ runtime, architecture });
    expect(libraries).not.toEqual([]);
    for (const [path, content] of libraries) {
      // e_machine of the ELF header: 0x3e is x86-64, 0xb7 is AArch64.
      expect(content[18]).toBe(machine);
      expect(path).toContain(runtime.replace('python3.', 'cpython-3'));
    }
    workspace.restore();
  });

  it('answers from the packed zip alone', () => {
    const good = workspace.nx(['run', 'orders:invoke', '--event=good']);
    const bad = workspace.nx(['run', 'orders:invoke', '--event=bad']);

    expect(good).toMatch(/"statusCode": ?200/);
    expect(good).toMatch(
      /REPORT RequestId: \S+\s+Duration: [\d.]+ ms\s+Billed Duration: \d+ ms\s+Memory Size: 512 MB\s+Max Memory Used: \d+ MB\s+Init Duration: [\d.]+ ms/,
    );
    expect(bad).toMatch(/"statusCode": ?400/);
  });

  it('ends unsuccessfully when the function does', () => {
    workspace.nx(['run', 'billing:invoke', '--event=good']);
    const bad = workspace.tryNx(['run', 'billing:invoke', '--event=bad']);

    expect(bad.exitCode).not.toBe(0);
    expect(bad.output).toContain('InvalidEventError');
  });

  it('takes everything from the cache when nothing changed', () => {
    const args = ['run-many', '--targets=lint,typecheck,test,pack'];
    workspace.nx(args);
    const output = workspace.nx([...args, '--output-style=static']);

    expect(
      output.match(/\[(existing outputs match the cache|local cache)/g),
    ).toHaveLength(
      // Six projects with three targets, and four services to pack.
      6 * 3 + 4,
    );
  });

  it.each([
    {
      change: 'a service',
      file: 'services/billing/src/billing/app.py',
      expected: ['billing'],
    },
    {
      change: 'a library',
      file: 'libs/contracts/src/contracts/chunks.py',
      expected: ['billing', 'contracts', 'orders'],
    },
    {
      change: 'the shared library',
      file: 'libs/lambda-kit/src/lambda_kit/retry.py',
      expected: [
        'billing',
        'lambda-kit',
        'order-events',
        'orders',
        'zone-export',
      ],
    },
    {
      change: 'the tests of a library',
      file: 'libs/contracts/tests/unit/test_chunks.py',
      expected: ['billing', 'contracts', 'orders'],
    },
  ])('affects what a change of $change reaches', ({ file, expected }) => {
    workspace.write(file, `${workspace.read(file)}\n\n# A comment.\n`);
    const affected = JSON.parse(
      workspace.nx([
        ...['show', 'projects', '--affected', '--base=HEAD', '--json'],
      ]),
    ) as string[];

    expect(affected.sort()).toEqual(expected);
    workspace.restore();
  });

  it('formats in place', () => {
    const file = 'services/orders/src/orders/app.py';
    const formatted = workspace.read(file);
    workspace.write(
      file,
      formatted.replace('from __future__', 'from  __future__'),
    );

    expect(workspace.tryNx(['run', 'orders:lint']).exitCode).not.toBe(0);
    workspace.nx(['run', 'orders:format']);
    expect(workspace.read(file)).toBe(formatted);
  });

  it('keeps what a user has edited when a generator runs again', () => {
    const file = 'services/orders/src/orders/app.py';
    const edited = `${workspace.read(file)}\n\n# Ours.\n`;
    workspace.write(file, edited);
    workspace.nx(['generate', 'lambda-py:service', 'orders']);

    expect(workspace.read(file)).toBe(edited);
    workspace.restore();
  });
});
