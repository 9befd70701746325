import type { Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejectionOf } from '../../testing/errors';
import { lockText } from '../../testing/lock-files';
import { changesOf, useTrees } from '../../testing/trees';
import { parsePyproject } from '../../workspace/pyproject';
import { describeService } from '../../workspace/service';
import { parseToml } from '../../workspace/toml';
import libraryGenerator from '../library/generator';
import serviceGenerator from './generator';
import { HTTP_CLIENT_VARIABLES } from './options';
import type { ServiceGeneratorSchema } from './schema';
import { SOURCE_NAMES, SOURCES } from './sources';

const trees = useTrees();
let warnings: unknown[];
beforeEach(() => {
  warnings = [];
  jest.spyOn(logger, 'warn').mockImplementation((...texts: unknown[]) => {
    warnings.push(...texts);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function generate(
  tree: Tree,
  name: string,
  options: Partial<ServiceGeneratorSchema> = {},
): Promise<void> {
  await serviceGenerator(tree, { name, skipLock: true, ...options });
}

function pyprojectOf(tree: Tree, folder: string) {
  const file = `${folder}/pyproject.toml`;
  return parsePyproject(tree.read(file, 'utf8') ?? '', file);
}

/** Every five lines of code that follow each other in a module: what was copied has some of them in common. */
function passagesOf(module: string): readonly string[] {
  const lines = module
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) => line !== '' && !/^(?:from|import|#|[)\]}]+,?$)/.test(line),
    );
  return lines
    .slice(0, -4)
    .map((_, index) => lines.slice(index, index + 5).join('\n'));
}

function membersOf(tree: Tree): readonly string[] | undefined {
  const text = tree.read('pyproject.toml', 'utf8') ?? '';
  return parsePyproject(text, 'pyproject.toml').uvWorkspace?.members;
}

describe('the generator service', () => {
  it.each(SOURCE_NAMES)(
    'generates one for the source %s, whole',
    async (source) => {
      const tree = trees.make();
      await generate(tree, 'Order_Events', { source });
      const changes = changesOf(tree);
      const root = 'services/order-events';
      expect(Object.keys(changes)).toEqual(
        expect.arrayContaining(
          [
            'pyproject.toml',
            'README.md',
            'local.env',
            ...SOURCES[source].events.map((event) => `events/${event}.json`),
            'infra/template.yaml',
            'src/order_events/handler.py',
            'src/order_events/py.typed',
            'tests/unit/test_app.py',
            'tests/adapters/test_idempotency.py',
            'tests/contract/test_handler.py',
            'tests/contract/test_source.py',
            'tests/integration/test_stack.py',
          ].map((file) => `${root}/${file}`),
        ),
      );
      for (const [file, text] of Object.entries(changes)) {
        expect(file).not.toMatch(/__(?:packageName|dot)__|\.template$/);
        expect(text).not.toMatch(/<%|%>|undefined|\[object O/);
        if (file.endsWith('.json')) JSON.parse(text);
      }
      expect(describeService(pyprojectOf(tree, root))).toMatchObject({
        projectName: 'order-events',
        handler: 'order_events.handler.handler',
        runtime: { identifier: 'python3.12' },
        architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
      });
      expect(pyprojectOf(tree, root).project?.description).toBe(
        'The order-events service',
      );
      expect(membersOf(tree)).toEqual(['libs/*', 'services/*']);
      expect(tree.exists(`${root}/project.json`)).toBe(false);
      expect(pyprojectOf(tree, 'libs/lambda-kit').project?.name).toBe(
        'lambda-kit',
      );
    },
  );

  it.each(SOURCE_NAMES)(
    'generates for %s what the source differs in, and nothing else',
    async (source) => {
      const [api, other] = await Promise.all(
        (['api', source] as const).map(async (one) => {
          const tree = trees.make();
          await generate(tree, 'orders', { source: one });
          return changesOf(tree);
        }),
      );
      const files = new Set(Object.keys({ ...api, ...other }));
      const different = [...files].filter(
        (file) => api?.[file] !== other?.[file],
      );
      const allowed =
        /^services\/orders\/(?:README\.md|pyproject\.toml|docs\/go-live\.md|events\/\w+\.json|infra\/.*|src\/orders\/(?:handler|validation\/__init__)\.py|tests\/contract\/test_(?:source|handler)\.py)$/;
      expect(different.filter((file) => !allowed.test(file))).toEqual([]);
      const table = 'services/orders/pyproject.toml';
      expect(
        other?.[table]?.replace(`source = "${source}"`, 'source = "api"'),
      ).toBe(api?.[table]);
      if (source !== 'api') {
        expect(different).toContain('services/orders/src/orders/handler.py');
      }
    },
  );

  it.each(SOURCE_NAMES)(
    'generates two services for %s that differ in their names alone',
    async (source) => {
      const tree = trees.make();
      await generate(tree, 'orders', { source });
      await generate(tree, 'billing', { source });
      const changes = changesOf(tree);
      const renamed = (text: string): string =>
        text.replaceAll('orders', 'billing').replaceAll('Orders', 'Billing');
      const first = Object.keys(changes).filter((file) =>
        file.startsWith('services/orders/'),
      );
      expect(first.length).toBeGreaterThan(20);
      for (const file of first) {
        expect(changes[renamed(file)]).toBe(renamed(changes[file] ?? ''));
      }
      // The shared library stands once, and none of its functions is repeated in a service.
      const kit = Object.keys(changes).filter((file) =>
        /^libs\/lambda-kit\/src\/.*\.py$/.test(file),
      );
      const names = kit.flatMap((file) =>
        [...(changes[file] ?? '').matchAll(/^(?:def|class) (\w{4,})/gm)].map(
          ([, name]) => name ?? '',
        ),
      );
      const own = first
        .filter((file) => file.includes('/src/'))
        .flatMap((file) =>
          [...(changes[file] ?? '').matchAll(/^(?:def|class) (\w+)/gm)].map(
            ([, name]) => name,
          ),
        );
      expect(names.length).toBeGreaterThan(30);
      expect(own.filter((name) => names.includes(name ?? ''))).toEqual([]);
    },
  );

  it('generates twenty services around one shared library, and repeats none of it', async () => {
    const tree = trees.make();
    const names = SOURCE_NAMES.flatMap((source) => [
      { name: `plain-${source}`, source },
      { name: `full-${source}`, source, tracing: true, httpClient: true },
    ]);
    for (const { name, ...options } of names) {
      await generate(tree, name, options);
    }
    const changes = Object.entries(changesOf(tree));
    const modules = (folder: RegExp): readonly string[] =>
      changes
        .filter(([file]) => folder.test(file) && file.endsWith('.py'))
        .map(([, text]) => text);
    const kit = modules(/^libs\/lambda-kit\/src\//);
    const services = modules(/^services\/[^/]+\/src\//);
    const alone = trees.make();
    await generate(alone, 'orders');
    const one = Object.keys(changesOf(alone)).filter((file) =>
      file.startsWith('libs/'),
    );
    // Twenty services have the shared library that one has.
    expect(
      changes.map(([file]) => file).filter((file) => file.startsWith('libs/')),
    ).toEqual(one);
    expect(names).toHaveLength(20);
    expect(services.length).toBeGreaterThan(200);
    const shared = new Set(kit.flatMap(passagesOf));
    expect(shared.size).toBeGreaterThan(500);
    expect(
      services.flatMap(passagesOf).filter((one) => shared.has(one)),
    ).toEqual([]);
  });

  it.each(SOURCE_NAMES)(
    'changes no file of a service for %s when it runs again',
    async (source) => {
      const options = { source, tracing: true, httpClient: true };
      const tree = trees.make();
      await generate(tree, 'orders', options);
      const again = trees.settle(tree);
      await generate(again, 'orders', options);
      await generate(again, 'orders', { source });
      expect(changesOf(again)).toEqual({});
    },
  );

  it.each([
    ['tracing', 'tracing'],
    ['httpClient', 'http'],
  ])('refuses --%s for a service without it', async (option, extra) => {
    const tree = trees.make();
    await generate(tree, 'orders');
    const again = trees.settle(tree);
    expect(
      await rejectionOf(generate(again, 'orders', { [option]: true })),
    ).toBe(
      [
        `services/orders/pyproject.toml: --${option}: the option changes files of the service, which exists already and is yours`,
        `  found:    no dependency on lambda-kit[${extra}]`,
        `  mend:     generate another service with --${option}, and take over what you need of it`,
      ].join('\n'),
    );
    expect(changesOf(again)).toEqual({});
  });

  it('refuses a second kind of infrastructure', async () => {
    const tree = trees.make();
    await generate(tree, 'orders', { infra: 'sam' });
    const again = trees.settle(tree);
    await expect(generate(again, 'orders', { infra: 'cdk' })).rejects.toThrow(
      [
        'services/orders/infra: --infra: the service has infrastructure code of another kind, which is yours',
        '  found:    sam',
        '  expected: cdk',
        '  mend:     leave --infra out; or remove services/orders/infra, and run this again',
      ].join('\n'),
    );
    expect(changesOf(again)).toEqual({});
  });

  it('adds infrastructure that fits the source which the service has', async () => {
    const tree = trees.make();
    await generate(tree, 'orders', { source: 'sns', infra: 'none' });
    const again = trees.settle(tree);
    await generate(again, 'orders', { infra: 'sam' });
    const changes = changesOf(again);
    expect(Object.keys(changes)).toEqual([
      'services/orders/infra/template.yaml',
    ]);
    expect(changes['services/orders/infra/template.yaml']).toContain(
      'Type: SNS',
    );
  });

  it('leaves the source to the service where no option names one', () => {
    const { properties } = JSON.parse(
      readFileSync(join(__dirname, 'schema.json'), 'utf8'),
    ) as { properties: { source: object } };
    // Nx would hand it on as if somebody had asked for it.
    expect(properties.source).not.toHaveProperty('default');
  });

  it('refuses another source for a service that exists', async () => {
    const tree = trees.make();
    await generate(tree, 'orders');
    const again = trees.settle(tree);
    expect(
      await rejectionOf(generate(again, 'orders', { source: 'sqs' })),
    ).toBe(
      [
        'services/orders/pyproject.toml: [tool.lambda-py] source: another source changes files of the service, which exists already and is yours',
        '  found:    "api"',
        '  expected: "sqs"',
        '  mend:     leave --source out, or generate another service with --source=sqs, and take over what you need of it',
      ].join('\n'),
    );
    expect(changesOf(again)).toEqual({});
  });

  it('offers every source in its schema', () => {
    const { properties } = JSON.parse(
      readFileSync(join(__dirname, 'schema.json'), 'utf8'),
    ) as {
      properties: {
        source: { enum: string[]; 'x-prompt': { items: { value: string }[] } };
      };
    };
    expect(properties.source.enum).toEqual(SOURCE_NAMES);
    expect(
      properties.source['x-prompt'].items.map(({ value }) => value),
    ).toEqual(SOURCE_NAMES);
    expect(Object.keys(SOURCES)).toEqual(SOURCE_NAMES);
  });

  it('adds what traces, and what calls out, on demand alone', async () => {
    const generated = [{}, { tracing: true }, { httpClient: true }].map(
      async (options) => {
        const tree = trees.make();
        await generate(tree, 'orders', options);
        return changesOf(tree);
      },
    );
    const [plain = {}, tracing = {}, calling = {}] =
      await Promise.all(generated);
    const root = 'services/orders/';
    const added = (other: Readonly<Record<string, string>>): string[] =>
      Object.keys(other)
        .filter((file) => !(file in plain))
        .map((file) => file.slice(root.length));
    expect(added(tracing)).toEqual(['src/orders/utils/tracing.py']);
    expect(tracing[`${root}src/orders/handler.py`]).toContain(
      '@tracer.capture_lambda_handler(capture_response=False)',
    );
    expect(tracing[`${root}pyproject.toml`]).toContain('"lambda-kit[tracing]"');
    expect(tracing[`${root}local.env`]).toContain('POWERTOOLS_TRACE_DISABLED');
    expect(added(calling).sort()).toEqual([
      'src/orders/adapters/partner.py',
      'tests/adapters/test_partner.py',
    ]);
    expect(calling[`${root}pyproject.toml`]).toContain('"lambda-kit[http]"');
    for (const { name, parameter } of HTTP_CLIENT_VARIABLES) {
      expect(calling[`${root}local.env`]).toContain(`${name}=`);
      expect(calling[`${root}infra/template.yaml`]).toContain(parameter);
      expect(calling[`${root}src/orders/utils/config.py`]).toContain(
        `${name.toLowerCase()}: `,
      );
    }
    for (const file of Object.keys(plain).filter((one) =>
      one.startsWith(root),
    )) {
      expect(plain[file]).not.toMatch(/tracer|PARTNER/);
    }
  });

  it.each([
    ['sam', ['template.yaml']],
    [
      'cdk',
      [
        'acknowledgment.py',
        'app.py',
        'cdk.json',
        'dashboard.json',
        'monitoring.py',
        'source.py',
        'stack.py',
      ],
    ],
    [
      'terraform',
      [
        'dashboard.json',
        'main.tf',
        'monitoring.tf',
        'outputs.tf',
        'permissions.tf',
        'source.tf',
        'variables.tf',
      ],
    ],
    ['none', []],
  ] as const)('generates its infrastructure as %s', async (infra, files) => {
    const tree = trees.make();
    const description = 'Says "${x}" & %{y}';
    await generate(tree, 'orders', {
      infra,
      description,
      runtime: 'python3.13',
    });
    const folder = 'services/orders/infra/';
    const changes = changesOf(tree);
    const infrastructure = Object.entries(changes).filter(([file]) =>
      file.startsWith(folder),
    );
    expect(infrastructure.map(([file]) => file.slice(folder.length))).toEqual(
      files,
    );
    for (const [file, text] of infrastructure) {
      expect(text).not.toMatch(/<%|%>|undefined|\[object/);
      if (file.endsWith('.json')) JSON.parse(text);
    }
    const text = infrastructure.map(([, content]) => content).join('\n');
    if (infra !== 'none') {
      expect(text).toContain('dist/services/orders/orders.zip');
      expect(text).toContain('python3.13');
      expect(text).toContain('orders.handler.handler');
      for (const metric of ['Errors', 'Throttles', 'Invalid']) {
        expect(text).toContain(metric);
      }
    }
    const goLive = changes['services/orders/docs/go-live.md'] ?? '';
    expect(goLive).toContain('python3.13');
    expect(goLive).not.toMatch(/undefined|\n\n\n/);
    expect(goLive.includes('- [x] Errors, throttles')).toBe(infra !== 'none');
    const manifest = JSON.parse(tree.read('package.json', 'utf8') ?? '{}') as {
      devDependencies?: Record<string, string>;
    };
    expect(manifest.devDependencies?.['aws-cdk']).toEqual(
      infra === 'cdk' ? expect.stringMatching(/^2\.\d+\.\d+$/) : undefined,
    );
    const again = trees.settle(tree);
    await generate(again, 'orders', { infra });
    expect(changesOf(again)).toEqual({});
  });

  it('changes no file when it runs again, and keeps what was edited', async () => {
    const tree = trees.make();
    await generate(tree, 'orders', { tags: 'a' });
    const again = trees.settle(tree);
    const options = {
      tags: 'a',
      source: 'api',
      description: 'Other',
    } as const;
    await generate(again, 'orders', { tags: 'a' });
    expect(changesOf(again)).toEqual({});
    await generate(again, 'Orders', options);
    expect(changesOf(again)).toEqual({});
    const handler = 'services/orders/src/orders/handler.py';
    const kit = 'libs/lambda-kit/src/lambda_kit/errors.py';
    again.write(handler, '# mine\n');
    again.write(kit, '# mine\n');
    again.delete('services/orders/README.md');
    const edited = trees.settle(again);
    await generate(edited, 'orders');
    expect(Object.keys(changesOf(edited))).toEqual([
      'services/orders/README.md',
    ]);
  });

  it('generates the shared library once, wherever it was moved to', async () => {
    const tree = trees.make({
      'shared/kit/pyproject.toml': '[project]\nname = "lambda_kit"\n',
    });
    await generate(tree, 'orders');
    expect(tree.exists('libs/lambda-kit/pyproject.toml')).toBe(false);
  });

  it('makes a folder of the user’s choice a member, and one that ruff knows', async () => {
    const tree = trees.make();
    await generate(tree, 'billing', { directory: './apps/finance/billing/' });
    expect(pyprojectOf(tree, 'apps/finance/billing').project?.name).toBe(
      'billing',
    );
    expect(membersOf(tree)).toEqual([
      'libs/*',
      'services/*',
      'apps/finance/billing',
    ]);
    const root = parseToml(tree.read('pyproject.toml', 'utf8') ?? '', 'x');
    expect(root).toHaveProperty(
      ['tool', 'ruff', 'src'],
      ['libs/*/src', 'services/*/src', 'apps/finance/billing/src'],
    );
    const settled = trees.settle(tree);
    await generate(settled, 'billing', { directory: 'apps/finance/billing' });
    expect(changesOf(settled)).toEqual({});
  });

  it('adds each member by name in a repository that keeps other projects there', async () => {
    const tree = trees.make({ 'libs/web/package.json': '{}' });
    await generate(tree, 'orders');
    expect(membersOf(tree)).toEqual(['libs/lambda-kit', 'services/orders']);
  });

  it('adds the members to a workspace that has none yet, comments kept', async () => {
    const before = '# ours\n[tool.uv.workspace] # here\nexclude = ["x"]\n';
    const tree = trees.make({ 'pyproject.toml': before });
    await generate(tree, 'orders');
    expect(membersOf(tree)).toEqual(['libs/lambda-kit', 'services/orders']);
    const after = tree.read('pyproject.toml', 'utf8') ?? '';
    expect(after).toContain(before);
  });

  it('takes the globs of a repository as they are', async () => {
    const root = '[tool.uv.workspace]\nmembers = ["services/*/", "./libs/*"]\n';
    const tree = trees.make({ 'pyproject.toml': root });
    await generate(tree, 'orders');
    expect(membersOf(tree)).toEqual(['services/*/', './libs/*']);
  });

  it('refuses a folder that the workspace excludes', async () => {
    const tree = trees.make({
      'pyproject.toml':
        '[tool.uv.workspace]\nmembers = ["services/*", "libs/*"]\nexclude = ["services/old-*"]\n',
    });
    expect(await rejectionOf(generate(tree, 'old-orders'))).toBe(
      [
        'pyproject.toml: [tool.uv.workspace] exclude: the folder of the new project is excluded from the workspace',
        '  found:    services/old-orders',
        '  mend:     choose another --directory, or edit pyproject.toml',
      ].join('\n'),
    );
  });

  it.each([
    [undefined, []],
    ['', []],
    ['scope:orders', ['scope:orders']],
    [' a , b,, "c"', ['a', 'b', '"c"']],
  ])('writes the tags of %j', async (tags, expected) => {
    const tree = trees.make();
    await generate(tree, 'orders', tags === undefined ? {} : { tags });
    const { lambdaPy } = pyprojectOf(tree, 'services/orders');
    expect((lambdaPy as { tags?: string[] }).tags ?? []).toEqual(expected);
  });

  it.each([
    'Says "hello" \\ and \'bye\'',
    'Ünïcode <b>&amp;</b> <%= process.env %> ${AWS::Region} # not a comment',
    'x'.repeat(512),
  ])('keeps the description %j', async (description) => {
    const tree = trees.make();
    await generate(tree, 'orders', { description });
    expect(pyprojectOf(tree, 'services/orders').project?.description).toBe(
      description,
    );
    expect(tree.read('services/orders/infra/template.yaml', 'utf8')).toContain(
      `\nDescription: ${JSON.stringify(description)}\n`,
    );
  });

  it.each([
    'two\nlines',
    'a\r',
    'a\u2028b',
    'a\u0000',
    '',
    '  ',
    'x'.repeat(513),
    '\ud800',
  ])('refuses the description %j, and writes nothing', async (description) => {
    const tree = trees.make();
    expect(await rejectionOf(generate(tree, 'orders', { description }))).toBe(
      [
        '--description: the description cannot be used',
        `  found:    ${JSON.stringify(description)}`,
        '  expected: one line of text, 512 characters at most',
        '  mend:     choose another --description',
      ].join('\n'),
    );
    expect(changesOf(tree)).toEqual({});
  });

  it('takes runtime and architecture', async () => {
    const tree = trees.make();
    await generate(tree, 'orders', {
      runtime: 'python3.14',
      architecture: 'arm64',
    });
    expect(describeService(pyprojectOf(tree, 'services/orders'))).toMatchObject(
      {
        runtime: { identifier: 'python3.14' },
        architecture: 'arm64',
      },
    );
    expect(warnings).toEqual([]);
  });

  it.each(['python3.9', 'python3.10', '3.13', 'nodejs20.x', ''])(
    'refuses the runtime %j, and writes nothing',
    async (runtime) => {
      const tree = trees.make();
      expect(await rejectionOf(generate(tree, 'orders', { runtime }))).toBe(
        [
          '--runtime: the service cannot be generated for this runtime',
          `  found:    "${runtime}"`,
          '  expected: one of python3.11, python3.12, python3.13, python3.14',
          '  mend:     choose another --runtime',
        ].join('\n'),
      );
      expect(changesOf(tree)).toEqual({});
    },
  );

  it('warns of a runtime that Lambda has deprecated', async () => {
    jest.useFakeTimers({
      now: new Date('2027-07-01'),
      doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'],
    });
    try {
      await generate(trees.make(), 'orders', { runtime: 'python3.11' });
    } finally {
      jest.useRealTimers();
    }
    expect(warnings).toEqual([
      expect.stringContaining(
        'The runtime python3.11 is deprecated since 2027-06-30',
      ),
    ]);
  });

  it('takes the newest runtime where Lambda has none of the interpreter’s version', async () => {
    trees.setPython('3.15.0');
    const tree = trees.make();
    await generate(tree, 'orders');
    expect(
      describeService(pyprojectOf(tree, 'services/orders'))?.runtime.identifier,
    ).toBe('python3.14');
  });
});

describe('the name and the folder of a new project', () => {
  const generators = [
    [
      'service',
      (tree: Tree, name: string, directory?: string) =>
        generate(tree, name, directory === undefined ? {} : { directory }),
    ],
    [
      'library',
      async (tree: Tree, name: string, directory?: string) => {
        await libraryGenerator(tree, {
          name,
          skipLock: true,
          ...(directory === undefined ? {} : { directory }),
        });
      },
    ],
  ] as const;

  describe.each(generators)('%s', (_, run) => {
    it.each([
      ['Orders!', 'the name is not a valid project name'],
      ['', 'the name is not a valid project name'],
      ['../x', 'the name is not a valid project name'],
      ['class', 'is a Python keyword'],
      ['json', "is a module of Python's standard library"],
      ['tenacity', 'is the name of a dependency'],
      ['Tenacity', 'is the name of a dependency'],
      ['lambda-kit', 'is the name of a dependency'],
      ['coverage', 'is the name of a dependency'],
      ['Requests', 'is the name of a dependency'],
      ['unlocked', 'is the name of a dependency'],
    ])('refuses %j, and writes nothing', async (name, problem) => {
      const tree = trees.make({
        'uv.lock': lockText([{ name: 'requests' }]),
        'libs/a/pyproject.toml':
          '[project]\nname = "a"\ndependencies = ["unlocked>=1"]\n',
      });
      expect(await rejectionOf(run(tree, name))).toContain(problem);
      expect(changesOf(tree)).toEqual({});
    });

    it('refuses a name that a project in another folder has', async () => {
      const tree = trees.make({
        'apps/one/pyproject.toml': '[project]\nname = "Order.Events"\n',
      });
      expect(await rejectionOf(run(tree, 'order_events'))).toBe(
        [
          'the name "order_events" is taken',
          '  found:    apps/one/pyproject.toml has [project] name = "order-events"',
          '  mend:     choose another name',
        ].join('\n'),
      );
      expect(changesOf(tree)).toEqual({});
    });

    it('refuses a folder that another project has', async () => {
      const tree = trees.make({
        'apps/one/pyproject.toml': '[project]\nname = "one"\n',
      });
      expect(await rejectionOf(run(tree, 'two', 'apps/one'))).toBe(
        [
          'apps/one/pyproject.toml: the folder holds another project',
          '  found:    one',
          '  expected: two',
          '  mend:     choose another --directory',
        ].join('\n'),
      );
    });

    it.each([
      '..',
      '../x',
      'a/../../x',
      '/tmp/x',
      'C:\\x',
      '.',
      '',
      './',
      'a/*',
      'a?b',
      '{a,b}',
      '[x]',
      'a\nb',
      '..\\x',
      '$(id)',
    ])('refuses the folder %j, and writes nothing', async (directory) => {
      const tree = trees.make();
      expect(await rejectionOf(run(tree, 'orders', directory))).toBe(
        [
          '--directory: the folder cannot hold a project',
          `  found:    ${JSON.stringify(directory)}`,
          '  expected: a folder below the workspace root, of letters, digits, "-", "_", ".", "@" and spaces',
          '  mend:     choose another --directory',
        ].join('\n'),
      );
      expect(changesOf(tree)).toEqual({});
    });

    it.each(['.gitignore', '.nxignore'])(
      'refuses a folder that %s names',
      async (file) => {
        const tree = trees.make({ [file]: 'build/\n' });
        const problem = await rejectionOf(run(tree, 'orders', 'build/orders'));
        expect(problem).toBe(
          [
            '--directory: the folder is ignored, so that neither git nor Nx would see it',
            '  found:    build/orders',
            '  mend:     choose another name or --directory, or edit .gitignore or .nxignore ("git check-ignore --verbose build/orders/pyproject.toml" shows the line)',
          ].join('\n'),
        );
      },
    );

    it('takes a name that other members depend on, when it is the member itself', async () => {
      const tree = trees.make({
        'libs/a/pyproject.toml':
          '[project]\nname = "a"\ndependencies = ["contracts"]\n',
        'uv.lock': lockText([
          { name: 'contracts', source: '{ editable = "libs/contracts" }' },
        ]),
      });
      await run(tree, 'contracts', 'libs/contracts');
      expect(pyprojectOf(tree, 'libs/contracts').project?.name).toBe(
        'contracts',
      );
    });

    it('says so when the lock file is broken, and writes nothing', async () => {
      const tree = trees.make({ 'uv.lock': '<<<<<<< HEAD\n' });
      expect(await rejectionOf(run(tree, 'orders'))).toContain(
        'uv.lock: line 1: the file has merge conflict markers',
      );
      expect(changesOf(tree)).toEqual({});
    });
  });

  it('is not troubled by another project that is broken', async () => {
    const tree = trees.make({ 'services/broken/pyproject.toml': 'name =' });
    await generate(tree, 'orders');
    expect(tree.exists('services/orders/pyproject.toml')).toBe(true);
  });
});
