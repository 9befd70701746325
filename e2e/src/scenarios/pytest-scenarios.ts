import { append, inOrder, replace, write } from './scenario';
import type { Scenario } from './scenario';

/** Plugins that some tests name. */
const NAMED_PLUGINS = inOrder(
  write(
    'services/ping/tests/conftest.py',
    '"""Fixtures."""\n\npytest_plugins = ["pricing.chunks"]\n',
  ),
  replace(
    'services/billing/pyproject.toml',
    '"-ra", ',
    '"-ra", "-p", "testing_kit.chunks", ',
  ),
);

/** What pytest loads by its name. */
export const PYTEST_SCENARIOS: readonly Scenario[] = [
  {
    // ping has not declared it, and so pack cannot know that only tests load it.
    change: 'a plugin of pytest, by pytest_plugins',
    given: NAMED_PLUGINS,
    edit: append('libs/pricing/src/pricing/chunks.py'),
    affected: ['notify', 'ping', 'pricing'],
    misses: {
      lint: ['pricing'],
      typecheck: ['notify', 'ping', 'pricing'],
      test: ['notify', 'ping', 'pricing'],
      pack: ['notify', 'ping'],
    },
  },
  {
    change: 'a plugin of pytest, by -p',
    given: NAMED_PLUGINS,
    edit: append('libs/testing-kit/src/testing_kit/chunks.py'),
    affected: ['billing', 'notify', 'testing-kit'],
    misses: {
      lint: ['testing-kit'],
      typecheck: ['billing', 'notify', 'testing-kit'],
      test: ['billing', 'notify', 'testing-kit'],
      pack: ['billing'],
    },
  },
];
