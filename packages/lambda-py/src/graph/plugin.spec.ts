import type {
  CreateDependenciesContext,
  ProjectConfiguration,
  RawProjectGraphDependency,
} from '@nx/devkit';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { lockText } from '../testing/lock-files';
import type { LockedFixture } from '../testing/lock-files';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { parseLockFile } from '../workspace/lock-file';
import { summariseLock } from '../workspace/lock-summary';
import {
  memberRequirements,
  renderRequirements,
} from '../workspace/requirements';
import { warnDuringGraphCreation } from './nx-internal';
import { createDependencies, createNodes } from './plugin';
import type { PluginOptions } from './plugin-options';
import { readPythonWorkspace, takePythonWorkspace } from './python-workspace';

jest.mock('./nx-internal');
const warn = jest.mocked(warnDuringGraphCreation);
const makeFolder = useTemporaryFolders();
beforeEach(() => {
  warn.mockClear();
});

const ROOT =
  '[tool.uv.workspace]\nmembers = ["libs/*/", "services/*"]\nexclude = ["libs/legacy"]\n';
const SERVICE =
  '[tool.lambda-py]\nhandler = "orders.handler.handler"\nruntime = "python3.13"\n';

type Files = Readonly<Record<string, string>>;

const BUILT =
  '[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n';

/** The shortest pyproject.toml of a member. */
function project(name: string, ...lines: readonly string[]): string {
  return ['[project]', `name = "${name}"`, ...lines, ''].join('\n');
}

/** The files of a workspace that is not locked yet. */
const UNLOCKED = { 'uv.lock': '' };

function workspaceOf(files: Files) {
  const folder = makeFolder();
  for (const [file, text] of Object.entries({
    'uv.lock': lockText([]),
    ...files,
  })) {
    if (file !== 'uv.lock' || text !== '') folder.write(file, text);
  }
  const pyprojects = Object.keys(files).filter((file) =>
    file.endsWith('pyproject.toml'),
  );
  return { folder, pyprojects };
}

async function nodesOf(
  files: Files,
  options?: PluginOptions,
): Promise<Record<string, ProjectConfiguration>> {
  const { folder, pyprojects } = workspaceOf(files);
  const [, infer] = createNodes;
  const results = await infer(pyprojects, options, {
    workspaceRoot: folder.path,
    nxJsonConfiguration: {},
  });
  for (const [file, { projects }] of results) {
    const roots = Object.keys(projects ?? {});
    expect(roots).toEqual([
      file === 'pyproject.toml' ? '.' : file.slice(0, -15),
    ]);
  }
  return Object.fromEntries(
    results.flatMap(([, { projects }]) => Object.entries(projects ?? {})),
  ) as Record<string, ProjectConfiguration>;
}

async function edgesOf(
  files: Files,
  nxNames: Readonly<Record<string, string>> = {},
): Promise<readonly RawProjectGraphDependency[]> {
  const { folder, pyprojects } = workspaceOf(files);
  const roots = pyprojects
    .map((file) => file.slice(0, -15))
    .filter((root) => root !== '');
  const context: unknown = {
    workspaceRoot: folder.path,
    projects: Object.fromEntries(
      roots.map((root): [string, object] => [
        nxNames[root] ?? basename(root),
        { root },
      ]),
    ),
    fileMap: {
      nonProjectFiles: [{ file: 'pyproject.toml', hash: '' }],
      projectFileMap: Object.fromEntries(
        roots.map((root) => [
          nxNames[root] ?? basename(root),
          [
            ...Object.keys(files).filter((file) => file.startsWith(`${root}/`)),
            `${root}/not-pyproject.toml`,
          ].map((file) => ({ file, hash: '' })),
        ]),
      ),
    },
  };
  return createDependencies(undefined, context as CreateDependenciesContext);
}

/** A target's inputs, with what the project's named inputs for its targets stand for. */
function expandedInputs(
  node: Pick<ProjectConfiguration, 'targets' | 'namedInputs'> | undefined,
  target: string,
): readonly unknown[] {
  const inputs = node?.targets?.[target]?.inputs ?? [];
  return inputs.flatMap((input): readonly unknown[] =>
    typeof input === 'string' && input.endsWith('Inputs')
      ? (node?.namedInputs?.[input] ?? [])
      : [input],
  );
}

function warnings(): readonly string[] {
  return warn.mock.calls.map(([message]) => message);
}

describe('createNodes', () => {
  it('looks at every pyproject.toml', () => {
    expect(createNodes[0]).toBe('**/pyproject.toml');
  });

  it('infers the targets of a service', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'services/orders/pyproject.toml': `${project('Orders', 'description = "Takes orders"')}${SERVICE}tags = ["scope:sales"]\n`,
    });
    const orders = nodes['services/orders'];
    expect(orders).toMatchObject({
      name: 'orders',
      root: 'services/orders',
      sourceRoot: 'services/orders/src',
      projectType: 'application',
      tags: ['scope:sales'],
      metadata: {
        description: 'Takes orders',
        technologies: ['python', 'aws-lambda'],
      },
    });
    expect(
      Object.entries(orders?.targets ?? {}).map(([name, target]) => [
        name,
        target.executor,
        target.cache,
        target.syncGenerators ?? [],
      ]),
    ).toEqual([
      ['lint', 'lambda-py:lint', true, []],
      ['format', 'lambda-py:format', false, []],
      ['typecheck', 'lambda-py:typecheck', true, ['lambda-py:sync']],
      ['test', 'lambda-py:test', true, ['lambda-py:sync']],
      ['audit', 'lambda-py:audit', false, ['lambda-py:sync']],
      ['pack', 'lambda-py:pack', true, ['lambda-py:sync']],
      ['invoke', 'lambda-py:invoke', false, []],
      ['coldstart', 'lambda-py:coldstart', false, []],
      ['deploy', 'lambda-py:deploy', false, []],
      ['rollback', 'lambda-py:rollback', false, []],
    ]);
    expect(orders?.targets?.['pack']).toMatchObject({
      outputs: ['{options.outputPath}/*.*'],
      options: { outputPath: 'dist/{projectRoot}' },
    });
    expect(orders?.targets?.['test']?.outputs).toEqual([
      '{workspaceRoot}/coverage/{projectRoot}/*.*',
    ]);
    expect(warnings()).toEqual([]);
  });

  it.each([
    ['api', true],
    ['http', true],
    ['sqs', false],
    ['direct', false],
  ])('serves a service behind %s: %s', async (source, isServed) => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'services/orders/pyproject.toml': `${project('orders')}${SERVICE}source = "${source}"\n`,
    });
    const { serve, coldstart } = nodes['services/orders']?.targets ?? {};
    expect(serve?.continuous).toBe(isServed ? true : undefined);
    expect(coldstart?.parallelism).toBe(false);
  });

  it('infers a library without the targets of a service', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'libs/contracts/pyproject.toml': project('contracts'),
    });
    expect(nodes['libs/contracts']).toMatchObject({
      projectType: 'library',
      tags: [],
      metadata: { technologies: ['python'] },
    });
    expect(Object.keys(nodes['libs/contracts']?.targets ?? {})).toEqual([
      'lint',
      'format',
      'typecheck',
      'test',
      'audit',
    ]);
  });

  it.each([
    ['template.yaml', true],
    ['template.yml', true],
    ['cdk.json', true],
    ['main.tf', false],
  ])(
    'infers the checks of a service that has infra/%s; cached: %p',
    async (file, cache) => {
      const files = {
        'pyproject.toml': ROOT,
        'services/orders/pyproject.toml': `${project('orders')}${SERVICE}`,
        [`services/orders/infra/${file}`]: '',
        'libs/contracts/pyproject.toml': project('contracts'),
        [`libs/contracts/infra/${file}`]: '',
      };
      const nodes = await nodesOf(files, { packTargetName: 'package' });
      expect(nodes['services/orders']?.targets?.['validate']).toMatchObject({
        executor: 'lambda-py:validate',
        cache,
        dependsOn: ['package'],
        outputs: [],
      });
      expect(expandedInputs(nodes['services/orders'], 'validate')).toEqual(
        expect.arrayContaining(
          // A CDK app is a program, which may read any file.
          file === 'cdk.json'
            ? ['{projectRoot}/**/*']
            : ['{projectRoot}/infra/**/*', '{projectRoot}/pyproject.toml'],
        ),
      );
      expect(nodes['libs/contracts']?.targets).not.toHaveProperty('validate');
      const renamed = await nodesOf(files, { validateTargetName: 'check' });
      expect(renamed['services/orders']?.targets).toHaveProperty('check');
    },
  );

  it.each([
    ['"node_modules/aws-cdk": {}', true],
    ['aws-cdk@^2.1.0:', true],
    ['"node_modules/aws-cdk-lib": {}', false],
  ])('has the CDK toolkit of %j as an input: %p', async (lock, isInput) => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'package-lock.json': lock,
      'services/orders/pyproject.toml': `${project('orders')}${SERVICE}`,
      'services/orders/infra/cdk.json': '{}',
    });
    const inputs = expandedInputs(nodes['services/orders'], 'validate');
    expect(JSON.stringify(inputs).includes('"aws-cdk"')).toBe(isInput);
  });

  it('audits every project, and caches no audit', async () => {
    const files = {
      'pyproject.toml': ROOT,
      'services/orders/pyproject.toml': `${project('orders')}${SERVICE}`,
      'libs/contracts/pyproject.toml': project('contracts'),
    };
    const nodes = await nodesOf(files);
    const audit = nodes['services/orders']?.targets?.['audit'];
    expect(audit).toMatchObject({
      executor: 'lambda-py:audit',
      cache: false,
      outputs: ['{workspaceRoot}/reports/{projectRoot}'],
    });
    expect(expandedInputs(nodes['services/orders'], 'audit')).toEqual(
      expect.arrayContaining([
        '{projectRoot}/requirements.txt',
        '{workspaceRoot}/pyproject.toml',
      ]),
    );
    expect(nodes['libs/contracts']?.targets).toHaveProperty('audit');
    const renamed = await nodesOf(files, { auditTargetName: 'security' });
    expect(renamed['services/orders']?.targets).toHaveProperty('security');
    expect(renamed['services/orders']?.targets).not.toHaveProperty('audit');
  });

  it('infers no checks where infra holds nothing that is known', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'services/orders/pyproject.toml': `${project('orders')}${SERVICE}`,
      'services/orders/infra/README.md': '',
    });
    expect(nodes['services/orders']?.targets).not.toHaveProperty('validate');
  });

  it('explains every target', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'services/orders/pyproject.toml': `${project('orders')}${SERVICE}source = "api"\n`,
    });
    const targets = Object.entries(nodes['services/orders']?.targets ?? {});
    expect(targets).toHaveLength(11);
    for (const [name, { metadata }] of targets) {
      expect([name, metadata]).toEqual([
        name,
        {
          description: expect.stringMatching(/^[A-Z].*[^.]$/) as unknown,
          technologies: expect.arrayContaining([
            expect.stringMatching(
              /^(?:ruff|pyright|pytest|bandit|aws-lambda|sam)$/,
            ),
          ]) as unknown,
          help: {
            command: 'nx run {projectName}:{targetName} --help',
            example: expect.any(Object) as unknown,
          },
        },
      ]);
    }
  });

  it('renames targets, and what depends on them', async () => {
    const nodes = await nodesOf(
      {
        'pyproject.toml': ROOT,
        'services/orders/pyproject.toml': `${project('orders')}${SERVICE}source = "http"\n`,
      },
      {
        lintTargetName: 'py-lint',
        formatTargetName: 'py-format',
        typecheckTargetName: 'py-types',
        testTargetName: 'py-test',
        auditTargetName: 'security',
        packTargetName: 'bundle',
        invokeTargetName: 'call',
        serveTargetName: 'listen',
        coldstartTargetName: 'warm',
        deployTargetName: 'ship',
        rollbackTargetName: 'undo',
      },
    );
    const targets = nodes['services/orders']?.targets ?? {};
    expect(Object.keys(targets)).toEqual([
      'py-lint',
      'py-format',
      'py-types',
      'py-test',
      'security',
      'bundle',
      'call',
      'listen',
      'warm',
      'ship',
      'undo',
    ]);
    expect(targets['call']?.dependsOn).toEqual(['bundle']);
    expect(targets['listen']?.dependsOn).toEqual(['bundle']);
    expect(targets['warm']?.dependsOn).toEqual(['bundle']);
    expect(targets['ship']?.dependsOn).toEqual([
      'bundle',
      { target: 'ship', dependencies: true, params: 'forward' },
    ]);
  });

  it('warns of options that it does not know or cannot use', async () => {
    const nodes = await nodesOf(
      { 'pyproject.toml': ROOT, 'libs/a/pyproject.toml': project('a') },
      {
        lintTarget: 'x',
        lintTargetName: '',
        testTargetName: 1,
      } as unknown as PluginOptions,
    );
    expect(warnings()).toEqual([
      'lambda-py: nx.json: plugins: unknown options: lintTarget',
      'lambda-py: nx.json: plugins: not the name of a target: lintTargetName, testTargetName',
    ]);
    expect(Object.keys(nodes['libs/a']?.targets ?? {})).toEqual([
      'lint',
      'format',
      'typecheck',
      'test',
      'audit',
    ]);
  });

  it('infers members alone', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'libs/a/pyproject.toml': project('a'),
      'libs/a/nested/pyproject.toml': project('nested'),
      'libs/legacy/pyproject.toml': project('legacy'),
      'tools/script/pyproject.toml': project('script'),
    });
    expect(Object.keys(nodes)).toEqual(['libs/a']);
    expect(warnings()).toEqual([]);
  });

  it('has what tools read of the projects in the folder of another one', async () => {
    const { 'libs/a': a } = await nodesOf({
      'pyproject.toml':
        '[tool.uv.workspace]\nmembers = ["libs/*", "libs/*/plugins/*"]\n',
      'libs/a/pyproject.toml': project('a'),
      'libs/a/plugins/b/pyproject.toml': project('b'),
    });
    const inputs = (target: string): readonly unknown[] =>
      (a?.targets?.[target]?.inputs ?? []).filter(
        (input) => typeof input === 'string' && input.includes('plugins'),
      );
    const inB = (name: string): string =>
      `{workspaceRoot}/libs/a/plugins/b/**/${name}`;
    expect(inputs('lint')).toEqual(
      ['*.py', '*.pyi', '*.ipynb', 'pyproject.toml', 'ruff.toml']
        .concat('.ruff.toml')
        .map(inB),
    );
    expect(inputs('typecheck')).toEqual(['*.py', '*.pyi', 'py.typed'].map(inB));
    expect(inputs('test')).toEqual([]);
  });

  it.each([
    [
      'without a root pyproject.toml',
      { 'libs/a/pyproject.toml': project('a') },
    ],
    [
      'whose root is no uv workspace',
      {
        'pyproject.toml': '[tool.black]\n',
        'libs/a/pyproject.toml': project('a'),
      },
    ],
  ])('infers nothing in a repository %s', async (_, files: Files) => {
    expect(await nodesOf(files)).toEqual({});
    expect(warnings()).toEqual([]);
  });

  it('infers a root that is a project itself', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': `${project('acme')}${ROOT}`,
    });
    expect(nodes['.']).toMatchObject({ name: 'acme', root: '.' });
  });

  it('warns of a root that is broken, and infers nothing', async () => {
    expect(
      await nodesOf({
        'pyproject.toml': '[tool.uv.workspace]\nmembers = "libs/*"\n',
        'libs/a/pyproject.toml': project('a'),
      }),
    ).toEqual({});
    expect(warnings()).toEqual([
      expect.stringContaining(
        'lambda-py: pyproject.toml: tool.uv.workspace.members: the value is not one that the key takes',
      ),
    ]);
  });

  it('warns of a broken member once, with file and line; the project stays and others are untouched', async () => {
    const healthy = {
      'pyproject.toml': ROOT,
      'libs/a/pyproject.toml': project('a'),
    };
    const alone = await nodesOf(healthy);
    const nodes = await nodesOf({
      ...healthy,
      'services/orders/pyproject.toml': `[project]\nname = \n${SERVICE}`,
      'libs/b/pyproject.toml': '[project\n',
    });
    expect(warnings()).toEqual([
      expect.stringMatching(
        /^lambda-py: libs\/b\/pyproject\.toml: line 1, column \d+: the file is not valid TOML\n/,
      ),
      expect.stringMatching(
        /^lambda-py: services\/orders\/pyproject\.toml: line 2, column \d+: the file is not valid TOML\n/,
      ),
    ]);
    expect(nodes['libs/a']).toEqual(alone['libs/a']);
    expect(nodes['libs/b']).toMatchObject({
      name: 'b',
      projectType: 'library',
    });
    expect(nodes['services/orders']?.targets).toHaveProperty('pack');
  });

  it('takes the name of a broken member from the lock file', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'uv.lock': lockText([
        { name: 'order-events', source: '{ editable = "libs/events" }' },
      ]),
      'libs/events/pyproject.toml': 'name =',
    });
    expect(nodes['libs/events']?.name).toBe('order-events');
  });

  it('warns of a broken [tool.lambda-py], whose project keeps its targets', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'services/orders/pyproject.toml': `${project('orders')}[tool.lambda-py]\nhandler = "a.b"\nruntime = "python2.7"\n`,
    });
    expect(warnings()).toEqual([
      expect.stringContaining(
        'services/orders/pyproject.toml: [tool.lambda-py] runtime: the value is not one that the key takes\n  found:    "python2.7"',
      ),
    ]);
    expect(nodes['services/orders']?.targets).toHaveProperty('pack');
  });

  it('warns of a workspace that is not locked', async () => {
    const nodes = await nodesOf({
      ...UNLOCKED,
      'pyproject.toml': ROOT,
      'libs/a/pyproject.toml': project('a'),
    });
    expect(Object.keys(nodes)).toEqual(['libs/a']);
    expect(warnings()).toEqual([
      'lambda-py: uv.lock: the lock file is missing\n  mend:     uv lock && nx sync',
    ]);
  });

  it('warns of a member that is named but not there', async () => {
    const nodes = await nodesOf({
      'pyproject.toml':
        '[tool.uv.workspace]\nmembers = ["./libs/a/", "jobs/absent", "x/*"]\n',
      'libs/a/pyproject.toml': project('a'),
    });
    expect(Object.keys(nodes)).toEqual(['libs/a']);
    expect(warnings()).toEqual([
      expect.stringContaining(
        'pyproject.toml: tool.uv.workspace.members: a member of the workspace does not exist\n  found:    "jobs/absent"',
      ),
    ]);
  });

  it('leaves out the second project of a name', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'libs/a/pyproject.toml': project('order_events'),
      'libs/b/pyproject.toml': project('Order.Events'),
    });
    expect(Object.keys(nodes)).toEqual(['libs/a']);
    expect(warnings()).toEqual([
      expect.stringContaining(
        'libs/b/pyproject.toml: [project] name: two projects have the same name: this one is left out\n  found:    "order-events", which libs/a/pyproject.toml has too',
      ),
    ]);
  });

  it('works without a lock file that can be read', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'uv.lock': '<<<<<<< HEAD\n',
      'libs/a/pyproject.toml': project('a'),
    });
    expect(Object.keys(nodes)).toEqual(['libs/a']);
    expect(warnings()).toEqual([
      expect.stringContaining(
        'uv.lock: line 1: the file has merge conflict markers',
      ),
    ]);
  });

  it('outlives requirements that cannot be read', async () => {
    const { folder, pyprojects } = workspaceOf({
      'pyproject.toml': ROOT,
      'uv.lock': lockText([{ name: 'a', source: '{ editable = "libs/a" }' }]),
      'libs/a/pyproject.toml': project('a'),
    });
    mkdirSync(join(folder.path, 'libs/a/requirements.txt'));
    const results = await createNodes[1](pyprojects, undefined, {
      workspaceRoot: folder.path,
      nxJsonConfiguration: {},
    });
    expect(results).toHaveLength(1);
    expect(warnings()).toEqual([expect.stringContaining('EISDIR')]);
  });
});

describe('the inputs', () => {
  const LOCK = lockText([{ name: 'a', source: '{ editable = "libs/a" }' }]);
  const { digest } = memberRequirements(parseLockFile(LOCK), {
    projectName: 'a',
    projectRoot: 'libs/a',
  });
  const files = {
    'pyproject.toml': ROOT,
    'libs/a/pyproject.toml': `${project('a')}${BUILT}${SERVICE}`,
    'uv.lock': LOCK,
    'libs/a/requirements.txt': renderRequirements('boto3==1\n', digest),
    'requirements-dev.txt': renderRequirements(
      'ruff==1\n',
      summariseLock(LOCK).toolchainDigest,
    ),
    'libs/a/src/a/__init__.py': '',
    'pyrightconfig.json': '{}',
    'package-lock.json': '{"packages": {"node_modules/lambda-py": {}}}',
  };
  const UV_LOCK = '{workspaceRoot}/uv.lock';

  async function inputsOf(
    changed: Readonly<Record<string, string | undefined>> = {},
  ) {
    const present: Record<string, string> = {};
    const all: Readonly<Record<string, string | undefined>> = {
      ...files,
      ...changed,
    };
    for (const [file, text] of Object.entries(all)) {
      if (text !== undefined) present[file] = text;
    }
    const nodes = await nodesOf(present);
    return (target: string): readonly unknown[] =>
      expandedInputs(nodes['libs/a'], target);
  }

  it('name the exported closure, not the lock file, while it is fresh', async () => {
    const inputs = await inputsOf();
    for (const target of ['typecheck', 'test', 'pack']) {
      expect([target, ...inputs(target)]).toContain(
        '{projectRoot}/requirements.txt',
      );
      expect([target, ...inputs(target)]).not.toContain(UV_LOCK);
      expect([target, ...inputs(target)]).toContain('^production');
    }
    expect(inputs('pack')).not.toContain(
      '{workspaceRoot}/requirements-dev.txt',
    );
    for (const target of ['lint', 'typecheck', 'test']) {
      expect([target, ...inputs(target)]).toContain(
        '{workspaceRoot}/requirements-dev.txt',
      );
    }
  });

  it.each([
    ['stale', renderRequirements('boto3==1\n', '0'.repeat(64))],
    ['edited', 'boto3==1\n'],
    ['missing', undefined],
  ])('name the lock file where the export is %s', async (_, text) => {
    const inputs = await inputsOf({ 'libs/a/requirements.txt': text });
    for (const target of ['typecheck', 'test', 'pack']) {
      expect([target, ...inputs(target)]).toContain(UV_LOCK);
    }
    expect(inputs('lint')).not.toContain(UV_LOCK);
  });

  it.each([
    ['stale', renderRequirements('ruff==1\n', '0'.repeat(64))],
    ['missing', undefined],
  ])('name the lock file where the toolchain is %s', async (_, text) => {
    const inputs = await inputsOf({ 'requirements-dev.txt': text });
    for (const target of ['lint', 'typecheck', 'test']) {
      expect([target, ...inputs(target)]).toContain(UV_LOCK);
    }
    expect(inputs('pack')).not.toContain(UV_LOCK);
  });

  it.each<[string, Readonly<Record<string, string | undefined>>, boolean]>([
    ['all is in sync', {}, false],
    ['nothing is locked yet', UNLOCKED, true],
    ['uv.lock is broken', { 'uv.lock': 'broken =' }, true],
    [
      'requirements are missing',
      { 'libs/a/requirements.txt': undefined },
      true,
    ],
    [
      'requirements are older than uv.lock',
      {
        'libs/a/requirements.txt': renderRequirements('six\n', '0'.repeat(64)),
      },
      true,
    ],
    [
      'requirements were edited below their header',
      {
        'libs/a/requirements.txt': `${files['libs/a/requirements.txt']}six\n`,
      },
      true,
    ],
    [
      'the toolchain’s are missing',
      { 'requirements-dev.txt': undefined },
      true,
    ],
    [
      'git gave the lines the ends of Windows',
      {
        'requirements-dev.txt': files['requirements-dev.txt'].replaceAll(
          '\n',
          '\r\n',
        ),
      },
      false,
    ],
    [
      'a locked member’s folder is gone, with its requirements',
      {
        'uv.lock': lockText([
          { name: 'a', source: '{ editable = "libs/a" }' },
          { name: 'b', source: '{ editable = "libs/b" }' },
        ]),
      },
      true,
    ],
    [
      'pip-tools is used',
      { 'pyproject.toml': `${ROOT}[tool.lambda-py]\npip-tools = true\n` },
      true,
    ],
  ])(
    'ask the sync generator only where it may say something: %s',
    async (_, changed, asks) => {
      const all: Readonly<Record<string, string | undefined>> = {
        ...files,
        ...changed,
      };
      const present = Object.fromEntries(
        Object.entries(all).filter(
          (entry): entry is [string, string] => entry[1] !== undefined,
        ),
      );
      const { targets = {} } = (await nodesOf(present))['libs/a'] ?? {};
      for (const target of ['typecheck', 'test', 'audit', 'pack']) {
        expect([target, targets[target]?.syncGenerators]).toEqual([
          target,
          asks ? ['lambda-py:sync'] : undefined,
        ]);
      }
    },
  );

  it('name the lock file where it cannot be read', async () => {
    const inputs = await inputsOf({ 'uv.lock': 'broken =' });
    expect(inputs('test')).toContain(UV_LOCK);
  });

  it('name the plugin’s version where Nx knows it', async () => {
    const plugin = { externalDependencies: ['lambda-py'] };
    const known = await inputsOf();
    const unknown = await inputsOf({ 'package-lock.json': undefined });
    for (const target of ['lint', 'typecheck', 'test', 'pack']) {
      expect(known(target)).toContainEqual(plugin);
      expect(unknown(target)).not.toContainEqual(plugin);
    }
  });

  it('name the file that pyright takes its settings from', async () => {
    const own = await inputsOf();
    expect(own('typecheck')).toContain('{workspaceRoot}/pyrightconfig.json');
    expect(own('typecheck')).not.toContain('{workspaceRoot}/pyproject.toml');
    const shared = await inputsOf({ 'pyrightconfig.json': undefined });
    expect(shared('typecheck')).toContain('{workspaceRoot}/pyproject.toml');
  });

  it.each<[string, Readonly<Record<string, string | undefined>>]>([
    [
      'pyrightconfig.json',
      {
        'pyrightconfig.json': '{ "extends": "base.json" }',
        'base.json': '{ "stubPath": "stubs" }',
        'pyproject.toml': `${ROOT}[tool.pyright]\nstubPath = "unused"\n`,
      },
    ],
    [
      'pyproject.toml',
      {
        'pyrightconfig.json': undefined,
        'base.json': '',
        'pyproject.toml': `${ROOT}[tool.pyright]\nstubPath = "stubs"\nextends = "base.json"\n`,
      },
    ],
  ])('name what the settings of pyright lead to: %s', async (_, changed) => {
    const inputs = (await inputsOf(changed))('typecheck');
    expect(inputs).toContain('{workspaceRoot}/stubs/**/*.pyi');
    expect(inputs).toContain('{workspaceRoot}/base.json');
    expect(inputs).not.toContain('{workspaceRoot}/unused/**/*.pyi');
  });

  it('leave out of production what reaches no artifact', async () => {
    const nodes = await nodesOf(files);
    expect(nodes['libs/a']?.namedInputs?.['production']).toEqual([
      '{projectRoot}/**/*',
      ...[
        'local.env',
        '.venv/**/*',
        'tests/**/*',
        'events/**/*',
        'infra/**/*',
        'docs/**/*',
        'ruff.toml',
        '.ruff.toml',
        'pytest.ini',
        '.coveragerc',
        'README.md',
      ].map((path) => `!{projectRoot}/${path}`),
    ]);
  });

  it.each([
    ['readme', 'readme = "README.md"\n', ''],
    ['dynamic', 'dynamic = ["readme"]\n', ''],
    ['the build backend', '', '[tool.uv.build-backend]\nmodule-root = ""\n'],
  ])('keep the README in production for %s', async (_, inProject, tables) => {
    const nodes = await nodesOf({
      ...files,
      'libs/a/pyproject.toml': `${project('a')}${inProject}${BUILT}${tables}`,
    });
    const production = nodes['libs/a']?.namedInputs?.['production'];
    expect(production).toContain('{projectRoot}/**/*');
    expect(production).not.toContain('!{projectRoot}/README.md');
  });

  it.each([
    ['a readme in docs', 'readme = "docs/intro.md"\n', {}],
    ['a licence in docs', 'license-files = ["docs/LICENSE.txt"]\n', {}],
    ['settings in hatch.toml', '', { 'libs/a/hatch.toml': '' }],
  ])('keep the docs in production for %s', async (_, inProject, more) => {
    const nodes = await nodesOf({
      ...files,
      ...more,
      'libs/a/pyproject.toml': `${project('a')}${inProject}${BUILT}`,
    });
    expect(nodes['libs/a']?.namedInputs?.['production']).toEqual([
      '{projectRoot}/**/*',
      '!{projectRoot}/local.env',
      '!{projectRoot}/.venv/**/*',
    ]);
  });

  it('take the types of dependencies where every project has some', async () => {
    const [known, unknown] = await Promise.all(
      [{ types: ['production'] }, {}].map(async (namedInputs) => {
        const { folder, pyprojects } = workspaceOf(files);
        const [, infer] = createNodes;
        const results = await infer(pyprojects, undefined, {
          workspaceRoot: folder.path,
          nxJsonConfiguration: { namedInputs },
        });
        const [, { projects = {} }] = results[0] ?? ['', {}];
        return expandedInputs(projects['libs/a'], 'typecheck');
      }),
    );
    expect(known).toContain('^types');
    expect(known).not.toContain('^production');
    expect(unknown).toContain('^production');
    expect(unknown).not.toContain('^types');
  });

  // Nx hashes them into every task of the project.
  it.each([
    ['infrastructure code', { 'libs/a/infra/template.yaml': '' }],
    ['a CDK app', { 'libs/a/infra/cdk.json': '{}' }],
    ['requirements that are not synced', { 'libs/a/requirements.txt': '' }],
    ['tools that are not synced', { 'requirements-dev.txt': '' }],
    ['settings of pyright', { 'pyrightconfig.json': undefined }],
    [
      'settings of pytest',
      { 'pyproject.toml': `${ROOT}[tool.pytest.ini_options]\n` },
    ],
  ])('have the same names and files whatever comes: %s', async (_, changed) => {
    const namedInputsWith = async (
      more: Readonly<Record<string, string | undefined>>,
    ) => {
      const all: Readonly<Record<string, string | undefined>> = {
        ...files,
        ...more,
      };
      const present = Object.entries(all).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      );
      const nodes = await nodesOf(Object.fromEntries(present));
      return nodes['libs/a']?.namedInputs;
    };
    expect(await namedInputsWith(changed)).toEqual(await namedInputsWith({}));
  });

  it('name what pytest finds above a project without settings', async () => {
    const at = (folder: string) => `{workspaceRoot}/${folder}conftest.py`;
    const shared = await inputsOf();
    expect(shared('test')).toEqual(
      expect.arrayContaining([at(''), at('libs/')]),
    );
    expect(shared('test')).not.toContain('{workspaceRoot}/pyproject.toml');
    const settings = '[tool.pytest.ini_options]\naddopts = "-ra"\n';
    const inRoot = await inputsOf({ 'pyproject.toml': `${ROOT}${settings}` });
    expect(inRoot('test')).toContain('{workspaceRoot}/pyproject.toml');
    const own = await inputsOf({
      'pyproject.toml': `${ROOT}${settings}`,
      'libs/a/pyproject.toml': `${project('a')}${settings}`,
    });
    expect(own('test')).not.toContain(at(''));
    expect(own('test')).not.toContain('{workspaceRoot}/pyproject.toml');
  });

  describe('of lint, with settings of ruff and black', () => {
    const RUFF = '[tool.ruff]\n';

    async function more(
      changed: Readonly<Record<string, string | undefined>>,
    ): Promise<readonly unknown[]> {
      const usual = new Set((await inputsOf())('lint'));
      return (await inputsOf(changed))('lint').filter(
        (input) => typeof input === 'string' && !usual.has(input),
      );
    }

    it('are those nearest to each file', async () => {
      const lint = (await inputsOf())('lint');
      for (const name of ['ruff.toml', '.ruff.toml', 'pyproject.toml']) {
        expect(lint).toContain(`{projectRoot}/**/${name}`);
        expect(lint).toContain(`{workspaceRoot}/libs/${name}`);
        expect(lint).toContain(`{workspaceRoot}/${name}`);
      }
      const own = await inputsOf({
        'libs/a/pyproject.toml': `${project('a')}${RUFF}`,
      });
      expect(own('lint')).not.toContain('{workspaceRoot}/libs/ruff.toml');
      // black looks for its table in each.
      expect(own('lint')).toContain('{workspaceRoot}/libs/pyproject.toml');
    });

    it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
      [
        'the root, from file to file',
        {
          'pyproject.toml': `${ROOT}${RUFF}extend = "config/ruff.toml"\n`,
          'config/ruff.toml': 'extend = "../base.toml"\n',
          'base.toml': 'extend = "config/ruff.toml"\n',
        },
        ['{workspaceRoot}/config/ruff.toml', '{workspaceRoot}/base.toml'],
      ],
      [
        'a file that is missing',
        { 'ruff.toml': 'extend = "config/ruff.toml"\n' },
        ['{workspaceRoot}/config/ruff.toml'],
      ],
      [
        'a folder above',
        { 'libs/.ruff.toml': 'extend = "lint.toml"\n' },
        ['{workspaceRoot}/libs/lint.toml'],
      ],
      [
        'the project, beside and above',
        {
          'libs/a/ruff.toml': 'extend = "config/lint.toml"\n',
          'libs/a/config/lint.toml': 'extend = "../../../lint.toml"\n',
          'pyproject.toml': `${ROOT}${RUFF}extend = "other.toml"\n`,
        },
        ['{projectRoot}/config/lint.toml', '{workspaceRoot}/lint.toml'],
      ],
      [
        'the project to the root, as generators write it',
        {
          'libs/a/pyproject.toml': `${project('a')}${RUFF}extend = "../../pyproject.toml"\n`,
          'pyproject.toml': `${ROOT}${RUFF}extend = "lint.toml"\n`,
        },
        ['{workspaceRoot}/lint.toml'],
      ],
      [
        'places outside of the workspace',
        { 'ruff.toml': 'extend = "../../ruff.toml"\n' },
        [],
      ],
    ])('follow "extend" of %s', async (_, changed, inputs) => {
      expect(await more(changed)).toEqual(inputs);
    });

    it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
      [
        'ruff',
        {
          'pyproject.toml': `${ROOT}${RUFF}extend-include = ["*.pyw", "*.py.in"]\n`,
        },
        ['{projectRoot}/**/*.pyw', '{projectRoot}/**/*.py.in'],
      ],
      [
        'settings that ruff takes over',
        {
          'ruff.toml': 'extend = "base.toml"\n',
          'base.toml': 'include = ["scripts/*"]\n',
        },
        ['{workspaceRoot}/base.toml', '{projectRoot}/**/*'],
      ],
      [
        'black',
        { 'pyproject.toml': `${ROOT}[tool.black]\ninclude = "x$"\n` },
        ['{projectRoot}/**/*'],
      ],
    ])('name the files that %s is told to read', async (_, changed, inputs) => {
      expect(await more(changed)).toEqual(inputs);
    });

    it('are each project’s own where neighbours have other ones', async () => {
      const nodes = await nodesOf({
        'pyproject.toml': ROOT,
        'libs/a/pyproject.toml': `${project('a')}${RUFF}extend = "../b/ruff.toml"\n`,
        'libs/b/pyproject.toml': project('b'),
        'libs/b/ruff.toml': 'extend = "more.toml"\n',
        'libs/c/pyproject.toml': project('c'),
        'libs/aa/pyproject.toml': `${project('aa')}${RUFF}extend = "../aa/more.toml"\n`,
        'libs/ab/pyproject.toml': `${project('ab')}${RUFF}extend = "../aa/more.toml"\n`,
        'libs/d/pyproject.toml': `${project('d')}${RUFF}include = ["*.x"]\n`,
      });
      const extra = ['a', 'aa', 'ab', 'b', 'c', 'd'].map((name) =>
        expandedInputs(nodes[`libs/${name}`], 'lint').filter((input) =>
          /more|b\/ruff|\.x|libs\/ruff/.test(String(input)),
        ),
      );
      expect(extra).toEqual([
        [
          '{workspaceRoot}/libs/b/ruff.toml',
          '{workspaceRoot}/libs/b/more.toml',
        ],
        ['{projectRoot}/more.toml'],
        ['{workspaceRoot}/libs/aa/more.toml'],
        ['{projectRoot}/more.toml'],
        ['{workspaceRoot}/libs/ruff.toml'],
        ['{projectRoot}/**/*.x'],
      ]);
    });

    it('are passed over where they are no TOML, which ruff tells', async () => {
      expect(await more({ 'ruff.toml': 'extend =' })).toEqual([]);
      expect(warnings()).toEqual([]);
    });
  });

  it('name what the shell tells tests, and no credentials', async () => {
    const inputs = await inputsOf();
    const variables = inputs('test').flatMap((input) =>
      typeof input === 'object' && input !== null && 'env' in input
        ? [input.env]
        : [],
    );
    expect(variables).toEqual([
      'PYTEST_ADDOPTS',
      'PYTEST_PLUGINS',
      'PYTEST_DISABLE_PLUGIN_AUTOLOAD',
      'INTEGRATION_FUNCTION',
      'AWS_PROFILE',
      'AWS_REGION',
      'AWS_DEFAULT_REGION',
      'AWS_ENDPOINT_URL',
    ]);
  });

  it.each<[string, Readonly<Record<string, string>>, readonly string[]]>([
    [
      'the project',
      {
        'pyproject.toml': `${ROOT}[tool.pytest.ini_options]\npythonpath = "other"\n`,
        'libs/a/pyproject.toml': `${project('a')}[tool.pytest]\npythonpath = [".", "tests", "../../shared/kit", "../..", "../../../x"]\n`,
      },
      ['{workspaceRoot}/shared/kit/**/*'],
    ],
    [
      'the root',
      {
        'pyproject.toml': `${ROOT}[tool.pytest.ini_options]\npythonpath = "shared libs/a/src libs tools/"\n`,
      },
      ['{workspaceRoot}/shared/**/*', '{workspaceRoot}/tools/**/*'],
    ],
  ])('name the "pythonpath" of pytest: %s', async (_, changed, inputs) => {
    const all = (await inputsOf(changed))('test').filter((input) =>
      /^\{workspaceRoot\}.*\/\*$/.test(String(input)),
    );
    expect(all).toEqual(inputs);
  });

  it('name the files of a project below, into which the tools look', async () => {
    const inputs = await inputsOf({
      'pyproject.toml': ROOT.replace('"libs/*/"', '"libs/**"'),
      'libs/a/tools/kit/pyproject.toml': project('kit'),
    });
    for (const target of ['lint', 'typecheck']) {
      expect([target, ...inputs(target)]).toContain(
        '{workspaceRoot}/libs/a/tools/kit/**/*.py',
      );
    }
    expect(JSON.stringify((await inputsOf())('lint'))).not.toContain('kit');
  });

  it('name the folder of a dependency by path', async () => {
    const inputs = await inputsOf({
      'uv.lock': lockText(
        [
          {
            name: 'a',
            source: '{ editable = "libs/a" }',
            lines: ['dependencies = [{ name = "vendored" }]'],
          },
          { name: 'vendored', source: '{ directory = "vendor/kit" }' },
        ],
        ['members = ["a"]'],
      ),
    });
    for (const target of ['typecheck', 'test', 'pack']) {
      expect([target, ...inputs(target)]).toContain(
        '{workspaceRoot}/vendor/kit/**/*',
      );
    }
  });

  it('name the folder of a layer’s dependency by path', async () => {
    const nodes = await nodesOf({
      'pyproject.toml': ROOT,
      'libs/numbers/pyproject.toml': `${project('numbers')}[tool.lambda-py]\nlayer = true\nruntime = "python3.13"\n`,
      'services/orders/pyproject.toml': `${project('orders')}${SERVICE}layers = ["numbers"]\n`,
      'services/billing/pyproject.toml': `${project('billing')}${SERVICE}`,
      'uv.lock': lockText(
        [
          {
            name: 'numbers',
            source: '{ virtual = "libs/numbers" }',
            lines: ['dependencies = [{ name = "kit" }]'],
          },
          { name: 'kit', source: '{ directory = "vendor/kit" }' },
          { name: 'orders', source: '{ editable = "services/orders" }' },
          { name: 'billing', source: '{ editable = "services/billing" }' },
        ],
        ['members = ["billing", "numbers", "orders"]'],
      ),
    });
    const packInputs = (root: string) => expandedInputs(nodes[root], 'pack');
    const vendored = '{workspaceRoot}/vendor/kit/**/*';
    expect(packInputs('services/orders')).toContain(vendored);
    expect(packInputs('services/billing')).not.toContain(vendored);
  });

  describe('of pack, where a project is only tested with', () => {
    const lock = lockText(
      [
        {
          name: 'a',
          source: '{ editable = "libs/a" }',
          lines: [
            'dependencies = [{ name = "b" }]',
            '[package.dev-dependencies]',
            'dev = [{ name = "kit" }]',
          ],
        },
        { name: 'b', source: '{ editable = "libs/b" }' },
        { name: 'kit', source: '{ editable = "libs/kit" }' },
      ],
      ['members = ["a", "b", "kit"]'],
    );
    const members = {
      'uv.lock': lock,
      'libs/b/pyproject.toml': project('b'),
      'libs/kit/pyproject.toml': project('kit'),
    };

    it('name the projects that are packed', async () => {
      const inputs = await inputsOf(members);
      expect(inputs('pack')).toContainEqual({
        input: 'production',
        projects: ['b'],
      });
      expect(inputs('pack')).not.toContain('^production');
      expect(inputs('test')).toContain('^production');
    });

    it.each([
      [
        'is a layer, or holds one',
        {
          'libs/a/pyproject.toml': `${project('a')}${SERVICE}layers = ["b"]\n`,
        },
      ],
      ['is not there', { 'libs/b/pyproject.toml': undefined }],
      ['may have another name in Nx', { 'libs/b/project.json': '{}' }],
    ])('name all where one of them %s', async (_, changed) => {
      const inputs = await inputsOf({ ...members, ...changed });
      expect(inputs('pack')).toContain('^production');
    });
  });
});

it('keeps tests and events in production where they may be packages', async () => {
  const nodes = await nodesOf({
    'pyproject.toml': ROOT,
    'libs/a/pyproject.toml': project('a'),
    'libs/a/events/__init__.py': '',
  });
  expect(nodes['libs/a']?.namedInputs?.['production']).toEqual([
    '{projectRoot}/**/*',
    '!{projectRoot}/local.env',
    '!{projectRoot}/.venv/**/*',
  ]);
});

it('keeps the locked projects where the root cannot be read', async () => {
  const nodes = await nodesOf({
    'pyproject.toml': '[broken',
    'libs/a/pyproject.toml': project('a'),
    'libs/b/pyproject.toml': project('b'),
    'vendor/kit/pyproject.toml': project('kit'),
    'uv.lock': lockText(
      [
        { name: 'a', source: '{ editable = "libs/a" }' },
        // A dependency by path, locked like a member.
        { name: 'kit', source: '{ directory = "vendor/kit" }' },
      ],
      ['members = ["a"]'],
    ),
  });
  expect(Object.keys(nodes)).toEqual(['libs/a']);
});

describe('createDependencies', () => {
  it('knows of imports by the settings of the build backend', async () => {
    expect(
      await edgesOf({
        'pyproject.toml': ROOT,
        'libs/a/pyproject.toml': project('a', BUILT),
        'libs/a/src/a/__init__.py': 'import geo\n',
        'libs/b/pyproject.toml': project(
          'b',
          BUILT,
          '[tool.uv.build-backend]',
          'module-root = "python"',
        ),
        'libs/b/python/geo/__init__.py': '',
      }),
    ).toEqual([{ source: 'a', target: 'b', type: 'implicit' }]);
  });

  it.each([
    ['pytest_plugins of a test', 'pytest_plugins = ["kit.plugin"]\n', '', ''],
    [
      'settings of pytest',
      '',
      '[tool.pytest.ini_options]\naddopts = "-p kit.plugin"',
      '',
    ],
    [
      'settings of pytest of the root',
      '',
      '',
      '[tool.pytest.ini_options]\naddopts = "-p kit.plugin"\n',
    ],
  ])(
    'knows what pytest loads by its name: %s',
    async (_, test, settings, root) => {
      expect(
        await edgesOf({
          'pyproject.toml': `${root}${ROOT}`,
          'libs/a/pyproject.toml': project('a', settings),
          'libs/a/tests/conftest.py': test,
          'libs/b/pyproject.toml': project('b'),
          'libs/b/src/kit/plugin.py': '',
        }),
      ).toEqual([{ source: 'a', target: 'b', type: 'implicit' }]);
    },
  );

  it('draws no edge to what every pytest loads by an entry point, which is an input of every test', async () => {
    const files = {
      'pyproject.toml': ROOT,
      'libs/a/pyproject.toml': project('a'),
      'libs/b/pyproject.toml': project(
        'b',
        'dependencies = ["a"]',
        '[project.entry-points.pytest11]',
        'kit = "kit.plugin"',
      ),
      'libs/b/src/kit/plugin.py': '',
    };
    expect(await edgesOf(files)).toEqual([
      { source: 'b', target: 'a', type: 'implicit' },
    ]);
    const { 'libs/a': a } = await nodesOf(files);
    const plugin = '{workspaceRoot}/libs/b/**/*';
    expect(a?.targets?.['test']?.inputs).toContain(plugin);
    expect(a?.targets?.['typecheck']?.inputs).not.toContain(plugin);
  });

  // Implicit: Nx would keep a static edge, or the lack of one, until the file that accounts for it changes.
  const edge = (source: string, target: string) => ({
    source,
    target,
    type: 'implicit',
  });
  const names = ['a', 'b'] as const;
  const base = {
    'pyproject.toml': ROOT,
    ...Object.fromEntries(
      names.map((name) => [`libs/${name}/pyproject.toml`, project(name)]),
    ),
  };
  const b = (kind: string): LockedFixture => ({
    name: 'b',
    source: `{ ${kind} = "libs/b" }`,
  });

  it.each([
    ['dependencies', ['dependencies = ["B>=1"]']],
    ['extras', ['[project.optional-dependencies]', 'x = ["b"]']],
    ['dependency groups', ['[dependency-groups]', 'x = ["b"]']],
    ['build requirements', ['[build-system]', 'requires = ["b"]']],
  ])(
    'draws an edge for %s of a pyproject.toml that is not locked',
    async (_, lines) => {
      expect(
        await edgesOf({
          ...base,
          'libs/a/pyproject.toml': project('a', ...lines),
        }),
      ).toEqual([edge('a', 'b')]);
    },
  );

  it.each([
    ['an editable member', b('editable'), 'dependencies = [{ name = "b" }]'],
    ['a directory', b('directory'), 'dependencies = [{ name = "b" }]'],
    ['a virtual member', b('virtual'), 'dependencies = [{ name = "b" }]'],
    [
      'a group',
      b('editable'),
      '[package.dev-dependencies]\ndev = [{ name = "b" }]',
    ],
    [
      'an extra',
      b('editable'),
      '[package.optional-dependencies]\nx = [{ name = "b" }]',
    ],
  ])('draws an edge for %s of the lock file', async (_, locked, line) => {
    expect(
      await edgesOf({
        ...base,
        'uv.lock': lockText([
          { name: 'a', source: '{ editable = "libs/a" }', lines: [line] },
          locked,
        ]),
      }),
    ).toEqual([edge('a', 'b')]);
  });

  it('draws the edge that both tell of once, and none to third parties or to itself', async () => {
    expect(
      await edgesOf({
        ...base,
        'libs/a/pyproject.toml': project(
          'a',
          'dependencies = ["b", "boto3", "a[x]"]',
        ),
        'uv.lock': lockText([
          {
            name: 'a',
            source: '{ editable = "libs/a" }',
            lines: ['dependencies = [{ name = "b" }, { name = "boto3" }]'],
          },
          b('editable'),
          { name: 'boto3' },
        ]),
      }),
    ).toEqual([edge('a', 'b')]);
  });

  it('goes by the names that Nx has after a project.json renamed a project', async () => {
    expect(
      await edgesOf(
        {
          ...base,
          'libs/a/pyproject.toml': project('a', 'dependencies = ["b"]'),
        },
        { 'libs/a': 'first', 'libs/b': 'second' },
      ),
    ).toEqual([edge('first', 'second')]);
  });

  it('keeps the locked edges of a member that is broken, and warns no second time', async () => {
    expect(
      await edgesOf({
        ...base,
        'libs/a/pyproject.toml': 'name =',
        'uv.lock': lockText([
          {
            name: 'a',
            source: '{ editable = "libs/a" }',
            lines: ['dependencies = [{ name = "b" }]'],
          },
          b('editable'),
        ]),
      }),
    ).toEqual([edge('a', 'b')]);
    expect(warnings()).toEqual([]);
  });
});

describe('takePythonWorkspace', () => {
  it('gives out once what was read for the nodes', () => {
    const folder = makeFolder();
    folder.write('pyproject.toml', ROOT);
    folder.write('libs/a/pyproject.toml', project('a'));
    const files = ['pyproject.toml', 'libs/a/pyproject.toml'];
    const read = readPythonWorkspace(folder.path, files);
    const reversed = [...files].reverse();
    expect(takePythonWorkspace(folder.path, reversed)).toBe(read);
    const again = takePythonWorkspace(folder.path, files);
    expect(again).not.toBe(read);
    expect(again).toEqual(read);
    readPythonWorkspace(folder.path, files);
    expect(takePythonWorkspace(folder.path, ['pyproject.toml'])).toMatchObject({
      projects: [],
    });
  });
});
