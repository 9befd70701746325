import { Workspace } from './workspace';
import type { WorkspaceOptions } from './workspace';

/** A member of the scenarios' workspace: a copy of a generated library with other tables. */
export interface Member {
  readonly folder: string;
  /** As pyproject.toml spells it. */
  readonly name: string;
  readonly dependencies?: readonly string[];
  /** What follows `[project]` in pyproject.toml. */
  readonly tables?: readonly string[];
  /** True where the modules stand in the project's folder itself, and not in `src`. */
  readonly isFlat?: boolean;
  /** The layers that it uses, where it is a service. */
  readonly layers?: readonly string[];
}

const SOURCES = (...lines: readonly string[]): string =>
  ['[tool.uv.sources]', ...lines].join('\n');
const BUILD_SYSTEM =
  '[build-system]\nrequires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"';

/** The libraries that are copied from `contracts`, a generated one. */
export const LIBRARIES: readonly Member[] = [
  {
    // PEP 503: everybody may spell it otherwise.
    folder: 'libs/text-utils',
    name: 'text_utils',
    dependencies: ['contracts', 'tabulate'],
    tables: [SOURCES('contracts = { workspace = true }')],
  },
  {
    folder: 'libs/reports',
    name: 'reports',
    tables: [
      '[project.optional-dependencies]\ntable = ["Text.Utils", "tomli-w"]',
      SOURCES('text-utils = { workspace = true }'),
    ],
  },
  { folder: 'libs/pricing', name: 'pricing' },
  {
    folder: 'libs/testing-kit',
    name: 'testing-kit',
    dependencies: ['seed_data'],
    tables: [SOURCES('seed-data = { workspace = true }')],
  },
];

/** The services that are copied from it, without their handlers. */
export const SERVICES: readonly Member[] = [
  {
    folder: 'services/billing',
    name: 'billing',
    dependencies: ['text-utils', 'inflection'],
    tables: [SOURCES('text-utils = { workspace = true }')],
  },
  {
    folder: 'services/invoices',
    name: 'invoices',
    dependencies: ['reports[table]', 'beautifulsoup4'],
    tables: [SOURCES('reports = { workspace = true }')],
  },
  {
    folder: 'services/notify',
    name: 'notify',
    dependencies: ['pricing'],
    tables: [
      '[dependency-groups]\ndev = [{ include-group = "tests" }]\ntests = ["testing_kit"]',
      SOURCES(
        'pricing = { workspace = true, editable = false }',
        'testing-kit = { workspace = true }',
      ),
    ],
  },
  {
    folder: 'services/archive',
    name: 'archive',
    dependencies: ['parser-kit', 'more-itertools'],
    isFlat: true,
    layers: ['text-layer'],
    tables: [
      SOURCES('parser-kit = { path = "../../vendor/parser-kit" }'),
      // A package may well have the name of a folder that holds no code elsewhere.
      '[tool.uv.build-backend]\nmodule-root = ""\nmodule-name = ["archive", "events"]',
    ],
  },
  { folder: 'services/ping', name: 'ping' },
];

const LAYER = `[project]
name = "text-layer"
version = "0.1.0"
requires-python = ">=3.11"
dependencies = ["more-itertools"]

[tool.uv]
package = false

[tool.lambda-py]
layer = true
runtime = "python3.11"
`;

/**
 * Makes a member a service.
 *
 * @param member - a member without `[tool.lambda-py]`
 * @returns the member with its handler as the last of its tables
 */
export function withHandler(member: Member): Member {
  const handler = `${moduleOf(member.name)}.chunks.chunked`;
  const layers = member.layers ?? [];
  return {
    ...member,
    tables: [
      ...(member.tables ?? []),
      [
        `[tool.lambda-py]\nhandler = "${handler}"\nruntime = "python3.11"`,
        ...(layers.length === 0 ? [] : [`layers = ${JSON.stringify(layers)}`]),
      ].join('\n'),
    ],
  };
}

/** The Nx projects of the scenarios' workspace, sorted. */
export const ALL = [
  ...['archive', 'billing', 'contracts', 'invoices', 'lambda-kit', 'notify'],
  ...['orders', 'ping', 'pricing', 'reports', 'seed-data', 'testing-kit'],
  ...['text-layer', 'text-utils'],
];

/** Those of them that have code, sorted. */
export const ALL_WITH_CODE = ALL.filter((name) => name !== 'text-layer');

/** Those of them that are packed, sorted. */
export const ALL_PACKED = [
  ...['archive', 'billing', 'invoices', 'notify', 'orders', 'ping'],
  'text-layer',
];

/**
 * Makes the workspace of the scenarios, which has every kind of edge:
 *
 * - `orders` and `lambda-kit` as generated; `orders` also needs `contracts`;
 * - `billing` → `text_utils` → `contracts`, and inflection, which nobody else has;
 * - `invoices` → `reports[table]` → `text_utils` and tomli-w; and beautifulsoup4, which brings soupsieve;
 * - `notify` → `pricing`, not editable; in its `dev` group, by `include-group`, `testing-kit` → `seed-data`, which is no
 *   package and brings sortedcontainers;
 * - `archive`, whose packages `archive` and `events` are not in `src`, → `vendor/parser-kit`, which is no member, and
 *   → more-itertools, which the layer `text-layer` holds;
 * - `ping` → nothing.
 *
 * @param name - the folder's name
 * @param options - what differs from a user's
 * @returns the workspace, locked, synced and committed
 */
export function createScenarioWorkspace(
  name: string,
  options: WorkspaceOptions = {},
): Workspace {
  const workspace = Workspace.create(name, options);
  workspace.nx(['generate', 'lambda-py:init']);
  workspace.nx(['generate', 'lambda-py:service', 'orders', '--source=direct']);
  workspace.nx(['generate', 'lambda-py:library', 'contracts']);
  for (const member of LIBRARIES) writeMember(workspace, member);
  for (const member of SERVICES) {
    writeMember(workspace, withHandler(member));
  }
  workspace.write('services/archive/events/__init__.py', '"""Events."""\n');
  writeSeedData(workspace);
  workspace.write('layers/text-layer/pyproject.toml', LAYER);
  workspace.replace(
    'pyproject.toml',
    'members = ["libs/*", "services/*"]',
    'members = ["layers/*", "libs/*", "services/*"]',
  );
  workspace.write(
    'vendor/parser-kit/pyproject.toml',
    `[project]\nname = "parser-kit"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n\n${BUILD_SYSTEM}\n`,
  );
  workspace.write('vendor/parser-kit/src/parser_kit/__init__.py', 'X = 1\n');
  workspace.write(
    '.gitignore',
    `${workspace.read('.gitignore')}*.ignored.json\n`,
  );
  workspace.uv(['add', '--quiet', '--package', 'orders', 'contracts']);
  workspace.nx(['sync']);
  workspace.commit('the workspace of the scenarios');
  return workspace;
}

/**
 * Writes a member: the generated library `contracts` under another name.
 *
 * @param workspace - has `libs/contracts`
 * @param member - what differs
 */
export function writeMember(workspace: Workspace, member: Member): void {
  const { folder, name, isFlat = false } = member;
  const rename = (text: string): string =>
    text.replaceAll('contracts', moduleOf(name));
  for (const file of [
    'src/contracts/__init__.py',
    'src/contracts/chunks.py',
    'src/contracts/py.typed',
    'tests/unit/test_chunks.py',
    'README.md',
  ]) {
    const path = rename(isFlat ? file.replace(/^src\//, '') : file);
    workspace.write(
      `${folder}/${path}`,
      rename(workspace.read(`libs/contracts/${file}`)),
    );
  }
  writePyproject(workspace, member);
}

/**
 * Writes a member's pyproject.toml.
 *
 * @param workspace - has `libs/contracts`
 * @param member - the member
 */
export function writePyproject(
  workspace: Workspace,
  { folder, name, dependencies = [], tables = [], isFlat = false }: Member,
): void {
  const module = moduleOf(name);
  workspace.write(
    `${folder}/pyproject.toml`,
    [
      workspace
        .read('libs/contracts/pyproject.toml')
        .replaceAll('contracts', module)
        .replace(`name = "${module}"`, `name = "${name}"`)
        .replace(
          /dependencies = \[.*\]/,
          `dependencies = ${JSON.stringify(dependencies)}`,
        )
        // Where ruff finds the imports of the project's own.
        .replace('src = ["src", ', `src = ["${isFlat ? '.' : 'src'}", `),
      ...tables.map((table) => `${table}\n`),
    ].join('\n'),
  );
}

function moduleOf(name: string): string {
  return name.replaceAll('-', '_');
}

/** A library that is not built: data, and a test of it that pytest finds without any setting of its own. */
function writeSeedData(workspace: Workspace): void {
  workspace.write(
    'libs/seed-data/pyproject.toml',
    [
      '[project]\nname = "seed-data"\nversion = "0.1.0"\nrequires-python = ">=3.11"',
      'dependencies = ["sortedcontainers"]\n\n[tool.uv]\npackage = false\n',
      '[tool.coverage.run]\nbranch = true\nrelative_files = true\nsource = ["."]\n',
    ].join('\n'),
  );
  workspace.write('libs/seed-data/seeds.json', '[1, 2, 3]\n');
  workspace.write(
    'libs/seed-data/tests/test_seeds.py',
    [
      '"""The seeds can be read."""\n\nfrom __future__ import annotations\n',
      'import json\nfrom pathlib import Path\n',
      'SEEDS = Path(__file__).parents[1] / "seeds.json"\n\n',
      'def test_reads_seeds() -> None:\n    assert json.loads(SEEDS.read_text())[0] == 1\n',
    ].join('\n'),
  );
}
