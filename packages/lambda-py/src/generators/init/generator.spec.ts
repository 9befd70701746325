import { logger } from '@nx/devkit';
import { parse } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { rejectionOf } from '../../testing/errors';
import { changesOf, hasOnlyAdditions, useTrees } from '../../testing/trees';
import { parsePyproject } from '../../workspace/pyproject';
import initGenerator, { initialiseWorkspace } from './generator';

const trees = useTrees();
const SKIP = { skipLock: true };
const DEV = [
  'aws-xray-sdk',
  'bandit',
  'bandit-sarif-formatter',
  'black',
  'boto3-stubs',
  'coverage',
  'httpx',
  'moto',
  'mypy',
  'pre-commit',
  'pytest',
  'pytest-cov',
  'ruff',
  'time-machine',
  'uv',
];

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

/** What init makes of a root pyproject.toml. */
async function completed(
  pyproject: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const tree = trees.make({ ...files, 'pyproject.toml': pyproject });
  await initGenerator(tree, SKIP);
  const text = tree.read('pyproject.toml', 'utf8') ?? '';
  const again = trees.settle(tree);
  await initGenerator(again, SKIP);
  expect(changesOf(again)).toEqual({});
  return text;
}

describe('the generator init', () => {
  it('makes an empty repository a uv workspace', async () => {
    const tree = trees.make();
    await initGenerator(tree, SKIP);
    expect(Object.keys(changesOf(tree)).sort()).toEqual([
      '.editorconfig',
      '.github/pull_request_template.md',
      '.gitignore',
      '.pre-commit-config.yaml',
      '.python-version',
      '.vscode/extensions.json',
      '.vscode/settings.json',
      'Makefile',
      'mypy.ini',
      'nx.json',
      'pyproject.toml',
      'pyrightconfig.json',
    ]);
    const root = parsePyproject(
      tree.read('pyproject.toml', 'utf8') ?? '',
      'pyproject.toml',
    );
    expect(root.uvWorkspace).toEqual({
      members: ['libs/*', 'services/*'],
      exclude: [],
    });
    expect(root.dependencyNames).toEqual(DEV);
    expect(root.project).toBeUndefined();
    expect(tree.read('.python-version', 'utf8')?.trim()).toBe('3.12');
    expect(parse(tree.read('nx.json', 'utf8') ?? '')).toMatchObject({
      plugins: ['lambda-py'],
      targetDefaults: { build: { cache: true } },
    });
    expect(parse(tree.read('pyrightconfig.json', 'utf8') ?? '')).toMatchObject({
      pythonVersion: '3.12',
      typeCheckingMode: 'strict',
    });
    expect(warnings).toEqual([]);
  });

  it('changes nothing when it runs again', async () => {
    const tree = trees.make();
    await initGenerator(tree, SKIP);
    const first = changesOf(tree);
    await initGenerator(tree, SKIP);
    expect(changesOf(tree)).toEqual(first);
    const again = trees.settle(tree);
    await initGenerator(again, SKIP);
    expect(changesOf(again)).toEqual({});
  });

  it.each([
    ['a new file', undefined, '\n[tool.lambda-py]\npip-tools = true\n'],
    [
      'its own table',
      '[tool.lambda-py]\ntags = ["x"] # ours\n',
      'tags = ["x"] # ours\npip-tools = true',
    ],
    [
      'another answer',
      '[tool.lambda-py]\npip-tools = false\n',
      '[tool.lambda-py]\npip-tools = true\n',
    ],
  ])('says that the workspace uses pip-tools: %s', async (_, before, after) => {
    const tree = trees.make(
      before === undefined ? {} : { 'pyproject.toml': before },
    );
    await initGenerator(tree, { ...SKIP, pipTools: true });
    expect(tree.read('pyproject.toml', 'utf8')).toContain(after);
    const again = trees.settle(tree);
    await initGenerator(again, { ...SKIP, pipTools: true });
    await initGenerator(again, SKIP);
    expect(changesOf(again)).toEqual({});
  });

  it('leaves locking to the user when it is told so', async () => {
    const tree = trees.make();
    const info = jest.spyOn(logger, 'info').mockImplementation();
    const finish = await initGenerator(tree, SKIP);
    await finish();
    expect(info.mock.calls).toEqual([
      ['The workspace is not locked: run "uv lock && nx sync".'],
    ]);
    expect(tree.exists('uv.lock')).toBe(false);
  });

  it('warns where Lambda has no runtime of the interpreter’s version', async () => {
    trees.setPython('3.15.1');
    await initGenerator(trees.make(), SKIP);
    expect(warnings).toEqual([
      expect.stringContaining('Lambda has no runtime for Python 3.15'),
    ]);
  });

  it('writes nothing on a machine without Python', async () => {
    trees.setPython(undefined);
    const tree = trees.make();
    expect(await rejectionOf(initGenerator(tree, SKIP))).toContain(
      'no Python 3.11 or later was found',
    );
    expect(changesOf(tree)).toEqual({});
  });

  it('fails when uv cannot lock, before Nx writes anything', async () => {
    const tree = trees.make();
    expect(await rejectionOf(initGenerator(tree, {}))).toContain(
      'LAMBDA_PY_UV names no uv that can be used',
    );
  });
});

describe('init in a repository that has some of it', () => {
  const OWN = [
    '# Ours.',
    '[project]',
    'name = "acme"  # the root is a project',
    'version = "1"',
    '',
    '[dependency-groups]',
    'docs = ["sphinx"]',
    '# our tools',
    'dev = [',
    '    "Ruff==0.4.0",  # pinned',
    '    "pytest",',
    '    # and no more',
    ']',
    '',
    '[tool.ruff]  # our rules',
    'line-length = 120',
    '',
    '[tool.uv]',
    'package = false',
    '',
    '[tool.uv.workspace]',
    "members = ['apps/*']",
    '',
    '[tool.other]',
    'x = { a = 1 }',
    '',
  ].join('\n');

  it('adds what is missing and changes nothing else', async () => {
    const text = await completed(OWN);
    expect(hasOnlyAdditions(OWN, text)).toBe(true);
    const { tool, ...rest } = parseToml(text) as Record<string, object>;
    const before = parseToml(OWN) as Record<string, object>;
    expect(rest['project']).toEqual(before['project']);
    expect(rest['dependency-groups']).toEqual({
      docs: ['sphinx'],
      dev: [
        'Ruff==0.4.0',
        'pytest',
        ...DEV.filter((name) => name !== 'pytest' && name !== 'ruff').map(
          (name) =>
            expect.stringMatching(new RegExp(`^${name}[[>]`)) as unknown,
        ),
      ],
    });
    expect(tool).toMatchObject({ ...before['tool'] });
    expect(Object.keys(tool ?? {}).sort()).toEqual([
      'bandit',
      'black',
      'other',
      'ruff',
      'uv',
    ]);
  });

  it.each([
    ['blank lines at its begin and its end', '\n\n# x\n[tool.a]\nb = 1\n\n\n'],
    ['no last line end', '[tool.a]\nb = 1'],
    ['nothing', ''],
    ['a comment alone', '# x\n'],
    ['a BOM', '\uFEFF[tool.a]\nb = 1\n'],
    ['a group without the tools', '[dependency-groups]\ntest = ["x"]\n'],
    ['another uv table', '[tool.uv]\nrequired-version = ">=0.11"\n'],
    ['dotted keys', 'tool.a.b = 1\n'],
  ])('keeps every byte of a file with %s', async (_, before) => {
    const text = await completed(before);
    expect(text.startsWith(before)).toBe(true);
    const { uvWorkspace, dependencyNames } = parsePyproject(text, 'x');
    expect(uvWorkspace?.members).toEqual(['libs/*', 'services/*']);
    expect(dependencyNames).toEqual(expect.arrayContaining(DEV));
  });

  it('keeps the line ends of a file', async () => {
    const text = await completed(OWN.replaceAll('\n', '\r\n'));
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
    expect(hasOnlyAdditions(OWN.replaceAll('\n', '\r\n'), text)).toBe(true);
  });

  it('leaves a complete file as it is, however it ends', async () => {
    const tree = trees.make();
    await initGenerator(tree, SKIP);
    const whole = `\n${tree.read('pyproject.toml', 'utf8') ?? ''}\n\n`;
    expect(await completed(whole)).toBe(whole);
  });

  it('counts the tools of a group that the group dev includes', async () => {
    const before =
      '[dependency-groups]\nlint = ["ruff==0.4", { include-group = "dev" }]\ndev = [{ include-group = "lint" }]\n';
    const text = await completed(before);
    expect(text.match(/"ruff/g)).toHaveLength(1);
    expect(text).toContain('"black>=');
  });

  it.each([
    ['an inline table', 'tool = { uv = { package = false } }\n'],
    ['an inline table further down', '[tool]\nuv = { package = false }\n'],
  ])('refuses to add to %s, and writes nothing', async (_, pyproject) => {
    const tree = trees.make({ 'pyproject.toml': pyproject });
    const message = await rejectionOf(initGenerator(tree, SKIP));
    expect(message).toMatch(
      /^pyproject\.toml: nothing can be added to the file as it is written\n/,
    );
    expect(message).toContain(
      'mend:     write the tables of pyproject.toml under headers instead of inline',
    );
    expect(changesOf(tree)).toEqual({});
  });

  it('names the line of a file that is no TOML, and writes nothing', async () => {
    const tree = trees.make({ 'pyproject.toml': '[project]\nname =\n' });
    expect(await rejectionOf(initGenerator(tree, SKIP))).toMatch(
      /^pyproject\.toml: line 2, column \d+: the file is not valid TOML/,
    );
    expect(changesOf(tree)).toEqual({});
  });

  it('takes no folder of other projects for members', async () => {
    const tree = trees.make({
      'libs/web/package.json': '{}',
      'services/x.md': '',
    });
    await initGenerator(tree, SKIP);
    const text = tree.read('pyproject.toml', 'utf8') ?? '';
    expect(parsePyproject(text, 'x').uvWorkspace?.members).toEqual([]);
  });

  it.each([
    ['pyright', 'pyrightconfig.json'],
    ['mypy', 'mypy.ini'],
  ])('writes no settings that overrule [tool.%s]', async (tool, file) => {
    const tree = trees.make({
      'pyproject.toml': `[tool.${tool}]\nstrict = []\n`,
    });
    await initGenerator(tree, SKIP);
    expect(tree.exists(file)).toBe(false);
    const own = trees.make({
      'pyproject.toml': `[tool.${tool}]\nstrict = []\n`,
      [file]: '# ours',
    });
    await initGenerator(own, SKIP);
    expect(own.read(file, 'utf8')).toBe('# ours');
  });

  it('keeps the comments and the order of nx.json', async () => {
    const before = [
      '{',
      '  // plugins first',
      '  "plugins": [',
      '    "@nx/js", // keep',
      '    { "plugin": "other" }',
      '  ],',
      '  /* cache */ "targetDefaults": {},',
      '  "namedInputs": { "production": ["!{projectRoot}/x"] } // ours',
      '}',
      '',
    ].join('\n');
    const tree = trees.make({ 'nx.json': before });
    await initGenerator(tree, SKIP);
    const after = tree.read('nx.json', 'utf8') ?? '';
    for (const comment of ['// plugins first', '// keep', '/* cache */']) {
      expect(after).toContain(comment);
    }
    expect(parse(after)).toEqual({
      plugins: ['@nx/js', { plugin: 'other' }, 'lambda-py'],
      targetDefaults: {},
      namedInputs: {
        production: ['!{projectRoot}/x'],
        types: ['production'],
      },
    });
    const lines = after.split('\n');
    const kept = before.split('\n').filter((line) => lines.includes(line));
    // The line that gets a comma, and the one that another named input joins.
    expect(before.split('\n').length - kept.length).toBe(2);
  });

  it('adds the named input that a dependency of another kind needs', async () => {
    const tree = trees.make({
      'nx.json': '{ /* ours */ "namedInputs": { "default": ["a"] } }',
    });
    await initGenerator(tree, SKIP);
    const after = tree.read('nx.json', 'utf8') ?? '';
    expect(after).toContain('/* ours */');
    expect(parse(after)).toEqual({
      namedInputs: {
        default: ['a'],
        production: ['default'],
        types: ['production'],
      },
      plugins: ['lambda-py'],
    });
  });

  it.each(['"lambda-py"', '{ "plugin": "lambda-py", "options": {} }'])(
    'does not register the plugin beside %s',
    async (plugin) => {
      const before = `{ "plugins": [${plugin}], "namedInputs": { "production": [], "types": [] } }`;
      const tree = trees.make({ 'nx.json': before });
      await initGenerator(tree, SKIP);
      expect(tree.read('nx.json', 'utf8')).toBe(before);
    },
  );

  it.each([
    ['# ours\n/dist\n.venv\n', 2],
    ['node_modules', 0],
    ['', 0],
  ])('adds to .gitignore what it lacks: %j', async (before, present) => {
    const tree = trees.make({ '.gitignore': before });
    await initGenerator(tree, SKIP);
    const after = tree.read('.gitignore', 'utf8') ?? '';
    expect(after.startsWith(before)).toBe(true);
    const added = after.slice(before.length).trim().split('\n');
    expect(added).toHaveLength(15 - present);
    expect(added).toContain('coverage/');
  });

  it('adds to the settings of an editor what they lack', async () => {
    const tree = trees.make({
      '.vscode/settings.json':
        '{\n  // ours\n  "editor.formatOnSave": false\n}\n',
    });
    await initGenerator(tree, SKIP);
    const settings = tree.read('.vscode/settings.json', 'utf8') ?? '';
    expect(settings).toContain('// ours');
    expect(parse(settings)).toMatchObject({
      'editor.formatOnSave': false,
      'ruff.importStrategy': 'fromEnvironment',
    });
    const again = trees.settle(tree);
    await initGenerator(again, SKIP);
    expect(changesOf(again)).toEqual({});
  });

  it('names the editor’s file that is broken, and writes nothing', async () => {
    const tree = trees.make({ '.vscode/settings.json': '{' });
    expect(await rejectionOf(initGenerator(tree, SKIP))).toContain(
      '.vscode/settings.json: line 1',
    );
  });

  it('brings back what a team threw out only when init itself runs', async () => {
    const tree = trees.make();
    await initialiseWorkspace(tree);
    expect(tree.exists('Makefile')).toBe(true);
    tree.delete('Makefile');
    const later = trees.settle(tree);
    await initialiseWorkspace(later);
    expect(changesOf(later)).toEqual({});
    await initGenerator(later, SKIP);
    expect(Object.keys(changesOf(later))).toEqual(['Makefile']);
  });

  it('writes a Makefile of tabs, and hooks that run the environment’s tools', async () => {
    const tree = trees.make();
    await initGenerator(tree, SKIP);
    const makefile = tree.read('Makefile', 'utf8') ?? '';
    for (const target of ['init', 'lint', 'test', 'pack']) {
      expect(makefile).toMatch(new RegExp(`^${target}:\\n\\t\\S`, 'm'));
    }
    const hooks = tree.read('.pre-commit-config.yaml', 'utf8') ?? '';
    expect(hooks.match(/^ {2}- repo: (.*)$/gm)).toEqual(['  - repo: local']);
    expect(hooks.match(/entry: \.venv\/bin\/\w+/g)).toEqual(
      ['ruff', 'black', 'bandit'].map((tool) => `entry: .venv/bin/${tool}`),
    );
  });

  it('leaves the user’s own files', async () => {
    const own = {
      Makefile: '# ours',
      '.pre-commit-config.yaml': '# ours',
      '.github/pull_request_template.md': 'ours',
      '.editorconfig': '# ours',
      '.python-version': '3.13',
      'mypy.ini': '# ours',
      'pyrightconfig.json': '{ "ours": true }',
    };
    const tree = trees.make(own);
    await initGenerator(tree, SKIP);
    for (const file of Object.keys(own)) {
      expect(changesOf(tree)).not.toHaveProperty([file]);
    }
  });
});
