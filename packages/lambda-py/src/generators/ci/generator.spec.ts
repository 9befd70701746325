import type { Tree } from '@nx/devkit';
import { logger } from '@nx/devkit';
import { parse, parseAllDocuments } from 'yaml';
import { rejectionOf } from '../../testing/errors';
import { changesOf, useTrees } from '../../testing/trees';
import ciGenerator from './generator';
import type { CiGeneratorSchema } from './schema';

const trees = useTrees();
let told: string[];
beforeEach(() => {
  told = [];
  jest.spyOn(logger, 'info').mockImplementation((...texts: unknown[]) => {
    told.push(texts.join(' '));
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

const PROVIDERS = ['github', 'gitlab', 'bamboo'] as const;
const service = (runtime: string): string =>
  `[project]\nname = "a"\n[tool.lambda-py]\nhandler = "a.handler.handler"\nruntime = "${runtime}"\n`;

async function generate(
  options: CiGeneratorSchema,
  files: Readonly<Record<string, string>> = {},
): Promise<Tree> {
  const tree = trees.make({ '.python-version': '3.12\n', ...files });
  await ciGenerator(tree, options);
  return tree;
}

function written(tree: Tree): Record<string, string> {
  return Object.fromEntries(
    Object.keys(changesOf(tree)).map((file) => [
      file,
      tree.read(file, 'utf8') ?? '',
    ]),
  );
}

describe('the generator ci', () => {
  it.each([
    [
      'github',
      [
        '.github/actions/set-up/action.yml',
        '.github/workflows/audit.yml',
        '.github/workflows/ci.yml',
      ],
    ],
    ['gitlab', ['.gitlab-ci.yml']],
    ['bamboo', ['bamboo-specs/bamboo.yaml']],
  ] as const)(
    'writes what %s reads, once, and valid YAML',
    async (provider, files) => {
      const tree = await generate({ provider });

      expect(Object.keys(written(tree)).sort()).toEqual(files);
      for (const text of Object.values(written(tree))) {
        for (const document of parseAllDocuments(text)) {
          expect(document).toMatchObject({ errors: [], warnings: [] });
        }
        expect(text).not.toMatch(/undefined|<%|[^\S\n]$|\n{3}/m);
      }
      const settled = trees.settle(tree);
      await ciGenerator(settled, { provider });
      expect(changesOf(settled)).toEqual({});
      expect(told).toHaveLength(files.length);
    },
  );

  it('changes no file of the user’s, and says so', async () => {
    const tree = await generate(
      { provider: 'gitlab' },
      { '.gitlab-ci.yml': 'mine: {}\n' },
    );

    expect(written(tree)).toEqual({});
    expect(told).toEqual([
      '.gitlab-ci.yml is there already and stays as it is.',
    ]);
  });

  it.each(PROVIDERS)('runs the guide’s gates on %s', async (provider) => {
    const text = Object.values(written(await generate({ provider }))).join('');

    for (const command of [
      'npx nx sync:check',
      'npx nx affected -t lint typecheck test',
      'npx nx affected -t audit',
      'npx nx affected -t pack validate',
      'npx nx run-many -t audit',
      'npx nx affected -t deploy --configuration=prod --yes',
      'NX_SELF_HOSTED_REMOTE_CACHE_SERVER',
    ]) {
      expect(text).toContain(command);
    }
    expect(text).toMatch(/junit\.xml|coverage\n/);
  });

  it.each(PROVIDERS)(
    'goes by the names of targets, stages and branch on %s',
    async (provider) => {
      const nxJson = {
        defaultBase: 'origin/trunk',
        plugins: [
          {
            plugin: 'lambda-py',
            options: {
              packTargetName: 'package',
              auditTargetName: 'security',
              deployTargetName: 'release',
            },
          },
        ],
      };
      const tree = await generate(
        { provider, stages: 'staging, prod' },
        { 'nx.json': JSON.stringify(nxJson) },
      );
      const text = Object.values(written(tree)).join('');

      expect(text).toContain('-t package validate');
      expect(text).toContain('run-many -t security');
      expect(text).toContain('-t release --configuration=prod');
      expect(text.indexOf('--configuration=staging')).toBeGreaterThan(0);
      expect(text.indexOf('--configuration=prod')).toBeGreaterThan(
        text.indexOf('--configuration=staging'),
      );
      if (provider !== 'gitlab') expect(text).toContain('trunk');
      const none = await generate({ provider, stages: '' });
      expect(Object.values(written(none)).join('')).not.toContain('-t deploy');
    },
  );

  it.each(PROVIDERS)(
    'installs the interpreters of other runtimes on %s',
    async (provider) => {
      const files = {
        'services/a/pyproject.toml': service('python3.14'),
        'services/b/pyproject.toml': service('python3.9'),
        'services/c/pyproject.toml': service('python3.12'),
        'services/d/pyproject.toml': `${service('python3.13')}bytecode = false\n`,
        'services/e/pyproject.toml': service('python3.11'),
      };
      const text = Object.values(
        written(await generate({ provider }, files)),
      ).join('');
      const none = Object.values(written(await generate({ provider }))).join(
        '',
      );

      expect(text).toContain('uv python install 3.11 3.14\n');
      expect(none).not.toContain('uv python install');
    },
  );

  it('knows other package managers', async () => {
    const tree = await generate(
      { provider: 'github' },
      { 'pnpm-lock.yaml': '', 'package.json': '{}' },
    );
    const action = tree.read('.github/actions/set-up/action.yml', 'utf8') ?? '';
    const { runs } = parse(action) as { runs: { steps: unknown[] } };

    expect(runs.steps[0]).toEqual({ run: 'corepack enable', shell: 'bash' });
    expect(action).toContain('cache: pnpm\n');
    expect(action).toContain('pnpm install --frozen-lockfile\n');
  });

  it.each([
    [{ stages: 'prod, pr$od' }, 'pr$od'],
    [{ stages: 'prod,prod' }, 'prod'],
    [{ mainBranch: "main'; rm" }, "main'; rm"],
    [{ mainBranch: 'a..b' }, 'a..b'],
  ])('refuses %j', async (options, found) => {
    const message = await rejectionOf(
      generate({ provider: 'github', ...options }),
    );

    expect(message).toContain(`found:    ${found}\n`);
  });

  it('refuses a package manager that no pipeline sets up', async () => {
    const message = await rejectionOf(
      generate({ provider: 'github' }, { 'bun.lock': '' }),
    );

    expect(message).toContain('npm, pnpm or yarn');
  });
});
