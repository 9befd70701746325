import { ALL_WITH_CODE, writeMember } from '../support/scenario-workspace';
import {
  append,
  inOrder,
  lock,
  lockAs,
  replace,
  sync,
  write,
} from './scenario';
import type { Bench, Scenario } from './scenario';

const ON_CONTRACTS = [
  ...['billing', 'contracts', 'invoices', 'orders', 'reports', 'text-utils'],
];

function writeFixtureKit({ workspace }: Bench): void {
  writeMember(workspace, {
    folder: 'libs/fixture-kit',
    name: 'fixture-kit',
    dependencies: ['contracts', 'pricing', 'roman'],
    tables: [
      '[project.entry-points.pytest11]\nfixture_kit = "fixture_kit.chunks"',
      '[tool.uv.sources]\ncontracts = { workspace = true }\npricing = { workspace = true }',
    ],
  });
}

/** A plugin that every pytest loads, and whose own dependency is tested with it. */
const ENTRY_POINT = inOrder(writeFixtureKit, lock, sync);
const TESTED = [...ALL_WITH_CODE, 'fixture-kit'].sort();

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
    change: 'a plugin of pytest, by an entry point',
    given: ENTRY_POINT,
    edit: append('libs/fixture-kit/src/fixture_kit/chunks.py'),
    affected: TESTED,
    misses: {
      lint: ['fixture-kit'],
      typecheck: ['fixture-kit'],
      test: TESTED,
    },
  },
  {
    change: 'the test of a plugin of pytest',
    given: ENTRY_POINT,
    edit: append('libs/fixture-kit/tests/unit/test_chunks.py'),
    affected: TESTED,
    misses: {
      lint: ['fixture-kit'],
      typecheck: ['fixture-kit'],
      test: ['fixture-kit'],
    },
  },
  {
    change: 'a library that a plugin of pytest depends on',
    given: ENTRY_POINT,
    edit: append('libs/contracts/src/contracts/chunks.py'),
    affected: TESTED,
    misses: {
      lint: ['contracts'],
      typecheck: [...ON_CONTRACTS, 'fixture-kit'].sort(),
      test: TESTED,
      pack: ['billing', 'invoices', 'orders'],
    },
  },
  {
    change: 'a dependency of a plugin of pytest, not synced',
    given: ENTRY_POINT,
    edit: lockAs('roman==4.1'),
    affected: TESTED,
    misses: { typecheck: ['fixture-kit'], test: TESTED },
  },
  {
    change: 'a dependency of a plugin of pytest, synced',
    given: ENTRY_POINT,
    edit: inOrder(lockAs('roman==4.1'), sync),
    affected: TESTED,
    misses: { typecheck: ['fixture-kit'], test: TESTED },
  },
  {
    change: 'a plugin of pytest that comes',
    edit: ENTRY_POINT,
    affected: TESTED,
    misses: {
      lint: ['fixture-kit'],
      typecheck: ['fixture-kit'],
      test: TESTED,
    },
  },
  {
    // Nx looks for affected projects in the workspace as it is now, where nothing leads from it to any other.
    change: 'a plugin of pytest that is one no longer',
    given: ENTRY_POINT,
    edit: replace(
      'libs/fixture-kit/pyproject.toml',
      '[project.entry-points.pytest11]\nfixture_kit = "fixture_kit.chunks"',
      '',
    ),
    affected: ['fixture-kit'],
    misses: {
      lint: ['fixture-kit'],
      typecheck: ['fixture-kit'],
      test: TESTED,
    },
  },
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
