import { ALL, ALL_PACKED, ALL_WITH_CODE } from '../support/scenario-workspace';
import { append, everyTarget, replace, write } from './scenario';
import type { Bench, Scenario } from './scenario';

function nameLintTarget({ workspace }: Bench): void {
  const nxJson = JSON.parse(workspace.read('nx.json')) as {
    plugins: unknown[];
  };
  nxJson.plugins = [
    { plugin: 'lambda-py', options: { formatTargetName: 'style' } },
  ];
  workspace.write('nx.json', JSON.stringify(nxJson, undefined, 2));
}

/** What the package manager's lock file says after an update of the plugin. */
function updatePlugin({ workspace }: Bench): void {
  const file = 'package-lock.json';
  const lock = JSON.parse(workspace.read(file)) as {
    packages: Record<string, Record<string, string>>;
  };
  Object.assign(lock.packages['node_modules/lambda-py'] ?? {}, {
    version: '999.0.0',
    resolved: 'file:../lambda-py-999.0.0.tgz',
    integrity: 'sha512-bGFtYmRhLXB5',
  });
  workspace.write(file, JSON.stringify(lock, undefined, 2));
}

const EVERY_TASK: Scenario['misses'] = {
  lint: ALL,
  typecheck: ALL_WITH_CODE,
  test: ALL_WITH_CODE,
  pack: ALL_PACKED,
};

/** Settings of services, of tools and of Nx. */
export const CONFIGURATION_SCENARIOS: readonly Scenario[] = [
  {
    change: 'the runtime of a service',
    edit: replace('services/ping/pyproject.toml', 'python3.11"', 'python3.12"'),
    affected: ['ping'],
    misses: everyTarget(['ping']),
    isRun: true,
  },
  {
    change: 'the architecture of a service',
    edit: append('services/ping/pyproject.toml', 'architecture = "arm64"\n'),
    affected: ['ping'],
    misses: everyTarget(['ping']),
  },
  {
    change: 'the runtime of a layer',
    edit: replace(
      'layers/text-layer/pyproject.toml',
      'python3.11"',
      'python3.12"',
    ),
    affected: ['archive', 'text-layer'],
    misses: {
      lint: ['archive', 'text-layer'],
      typecheck: ['archive'],
      test: ['archive'],
      pack: ['archive', 'text-layer'],
    },
  },
  {
    change: 'the build backend of a library',
    edit: replace(
      'libs/pricing/pyproject.toml',
      'uv_build>=0.13,',
      'uv_build>=0.13.1,',
    ),
    affected: ['notify', 'pricing'],
    misses: {
      // Lint judges the imports of a library by its name.
      lint: ['notify', 'pricing'],
      typecheck: ['notify', 'pricing'],
      test: ['notify', 'pricing'],
      pack: ['notify'],
    },
  },
  {
    change: "the coverage settings of a service's tests",
    edit: replace(
      'services/ping/pyproject.toml',
      'show_missing = true',
      'show_missing = false',
    ),
    affected: ['ping'],
    misses: everyTarget(['ping']),
  },
  {
    change: 'the settings of ruff',
    edit: replace('pyproject.toml', '"T20",', '"T20", "N",'),
    affected: ALL,
    misses: { lint: ALL },
    isRun: true,
  },
  {
    change: "ruff's own file of settings",
    edit: write('ruff.toml', 'extend = "pyproject.toml"\n'),
    affected: ALL,
    misses: { lint: ALL },
  },
  {
    // A test may read any file of its project.
    change: "a project's own settings of ruff",
    edit: write('libs/pricing/ruff.toml', 'extend = "../../pyproject.toml"\n'),
    affected: ['notify', 'pricing'],
    misses: { lint: ['pricing'], test: ['pricing'] },
  },
  {
    change: "settings of ruff for a project's tests",
    edit: write(
      'services/ping/tests/ruff.toml',
      'extend = "../pyproject.toml"\n',
    ),
    affected: ['ping'],
    misses: { lint: ['ping'], test: ['ping'] },
  },
  {
    change: 'the settings of pyright',
    edit: replace('pyrightconfig.json', '"strict"', '"standard"'),
    affected: ALL_WITH_CODE,
    misses: { typecheck: ALL_WITH_CODE },
  },
  {
    change: "the workspace's own type stubs",
    edit: write('typings/inflection/__init__.pyi', 'X: int\n'),
    affected: ALL_WITH_CODE,
    misses: { typecheck: ALL_WITH_CODE },
  },
  {
    // Only seed-data has no settings of its own, and pytest looks for some in the folders above it.
    change: 'the settings of pytest in the root',
    edit: append(
      'pyproject.toml',
      '\n[tool.pytest.ini_options]\naddopts = "-ra"\n',
    ),
    affected: ALL,
    misses: { lint: ALL, test: ['seed-data'] },
  },
  {
    change: "pytest's own file of settings in the root",
    edit: write('pytest.ini', '[pytest]\naddopts = -ra\n'),
    affected: ['notify', 'seed-data', 'testing-kit'],
    misses: { test: ['seed-data'] },
  },
  {
    change: "a comment in the root's pyproject.toml",
    edit: append('pyproject.toml'),
    affected: ALL,
    misses: { lint: ALL },
  },
  {
    change: "the environment's version of Python",
    edit: write('.python-version', '3.12\n'),
    affected: ALL_WITH_CODE,
    misses: { typecheck: ALL_WITH_CODE, test: ALL_WITH_CODE },
  },
  {
    // Nx itself hashes nx.json into every task.
    change: "the plugin's options in nx.json",
    edit: nameLintTarget,
    affected: ALL,
    misses: EVERY_TASK,
  },
  {
    change: 'the version of the plugin',
    edit: updatePlugin,
    affected: ALL,
    misses: EVERY_TASK,
  },
];
