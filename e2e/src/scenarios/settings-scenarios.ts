import { ALL, ALL_WITH_CODE } from '../support/scenario-workspace';
import { append, inOrder, nothing, replace, write } from './scenario';
import type { Scenario } from './scenario';

/** Settings that lead to files outside of any project. */
const LED_ELSEWHERE = inOrder(
  replace(
    'pyrightconfig.json',
    '{',
    '{\n  "extends": "./config/pyright.json",\n  "extraPaths": ["shared"],',
  ),
  write('config/pyright.json', '{ "stubPath": "stubs" }\n'),
  write('config/stubs/inflection/__init__.pyi', 'X: int\n'),
  write('shared/clocks.py', '"""Clocks."""\n'),
  replace(
    'pyproject.toml',
    '[tool.ruff]',
    '[tool.ruff]\nextend = "config/ruff.toml"',
  ),
  write('config/ruff.toml', 'extend = "base.toml"\n'),
  write('config/base.toml', 'indent-width = 4\n'),
  write('config/strict.toml', 'indent-width = 4\n'),
  write('libs/pricing/ruff.toml', 'extend = "../../config/strict.toml"\n'),
  replace(
    'services/ping/pyproject.toml',
    'xfail_strict',
    'pythonpath = ["../../shared"]\nxfail_strict',
  ),
);
const ALL_BUT_PRICING = ALL.filter((name) => name !== 'pricing');
// What tools read of it is elsewhere; no project's settings lead to it.
const NONE: Pick<Scenario, 'affected' | 'misses'> = {
  affected: [],
  misses: {},
};

/** Files that the settings of tools lead to, those that tools look for, and variables. */
export const SETTINGS_SCENARIOS: readonly Scenario[] = [
  {
    change: 'a stub in the stubPath of pyright',
    given: LED_ELSEWHERE,
    edit: append('config/stubs/inflection/__init__.pyi'),
    affected: ALL_WITH_CODE,
    misses: { typecheck: ALL_WITH_CODE },
  },
  {
    change: 'the settings that those of pyright extend',
    given: LED_ELSEWHERE,
    edit: append('config/pyright.json', '\n'),
    affected: ALL_WITH_CODE,
    misses: { typecheck: ALL_WITH_CODE },
  },
  {
    // The tests of ping have it in their pythonpath too.
    change: 'a module in the extraPaths of pyright',
    given: LED_ELSEWHERE,
    edit: append('shared/clocks.py'),
    affected: ALL_WITH_CODE,
    misses: { typecheck: ALL_WITH_CODE, test: ['ping'] },
  },
  {
    change: 'what is no module in the pythonpath of tests',
    given: LED_ELSEWHERE,
    edit: write('shared/clocks.json', '[]\n'),
    affected: ['ping'],
    misses: { test: ['ping'] },
  },
  {
    // pricing has settings of its own, which do not extend these.
    change: 'the settings that those of ruff extend, one after another',
    given: LED_ELSEWHERE,
    edit: append('config/base.toml'),
    affected: ALL_BUT_PRICING,
    misses: { lint: ALL_BUT_PRICING },
  },
  {
    change: 'the settings of ruff that one project extends',
    given: LED_ELSEWHERE,
    edit: append('config/strict.toml'),
    affected: ['notify', 'pricing'],
    misses: { lint: ['pricing'] },
  },
  {
    change: 'a file beside the settings that are extended',
    given: LED_ELSEWHERE,
    edit: write('config/other.toml', ''),
    ...NONE,
  },
  {
    // Where a project has settings, pytest looks no further up than to them.
    change: 'a conftest.py in the root',
    edit: write('conftest.py', '"""Fixtures."""\n'),
    affected: ['notify', 'seed-data', 'testing-kit'],
    misses: { test: ['seed-data'] },
  },
  {
    change: 'a conftest.py in the folder of the libraries',
    edit: write('libs/conftest.py', '"""Fixtures."""\n'),
    affected: ['notify', 'seed-data', 'testing-kit'],
    misses: { test: ['seed-data'] },
  },
  {
    change: 'a conftest.py in the folder of the services',
    edit: write('services/conftest.py', '"""Fixtures."""\n'),
    ...NONE,
  },
  ...[
    'PYTEST_ADDOPTS',
    'PYTEST_PLUGINS',
    'PYTEST_DISABLE_PLUGIN_AUTOLOAD',
    'INTEGRATION_FUNCTION',
    'AWS_PROFILE',
  ]
    // What runs the tests is told by the shell; no file has changed.
    .map((name): Scenario => ({
      change: `the variable ${name}`,
      variables: { [name]: 'other' },
      edit: nothing,
      affected: [],
      misses: { test: ALL_WITH_CODE },
    })),
  ...['AWS_SECRET_ACCESS_KEY', 'HOME', 'LANG', 'TZ'].map((name): Scenario => ({
    change: `the variable ${name}`,
    variables: { [name]: 'other' },
    edit: nothing,
    ...NONE,
  })),
];
