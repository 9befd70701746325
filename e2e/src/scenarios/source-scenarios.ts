import { append, everyTarget, toCrlf, write } from './scenario';
import type { Scenario } from './scenario';

// What sees libs/contracts and libs/text-utils, transitively.
const ON_TEXT_UTILS = ['billing', 'invoices', 'reports', 'text-utils'];
const ON_CONTRACTS = [
  ...['billing', 'contracts', 'invoices', 'orders', 'reports', 'text-utils'],
];
const PACKED_WITH_CONTRACTS = ['billing', 'invoices', 'orders'];

/** Edits of the files of a project. */
export const SOURCE_SCENARIOS: readonly Scenario[] = [
  {
    change: "a service's source",
    edit: append('services/billing/src/billing/chunks.py'),
    affected: ['billing'],
    misses: everyTarget(['billing']),
    isRun: true,
  },
  {
    change: 'the source of a service without local dependencies',
    edit: append('services/ping/src/ping/chunks.py'),
    affected: ['ping'],
    misses: everyTarget(['ping']),
  },
  {
    change: 'a package that has the name of a folder without code',
    edit: append('services/archive/events/__init__.py'),
    affected: ['archive'],
    misses: everyTarget(['archive']),
  },
  {
    change: "a service's new source that git does not know yet",
    edit: write('services/ping/src/ping/more.py', '"""More."""\n'),
    affected: ['ping'],
    misses: everyTarget(['ping']),
  },
  {
    change: "a service's test",
    edit: append('services/billing/tests/unit/test_chunks.py'),
    affected: ['billing'],
    misses: {
      lint: ['billing'],
      typecheck: ['billing'],
      test: ['billing'],
    },
    isRun: true,
  },
  {
    change: "the fixture of a service's test",
    edit: write('services/billing/tests/unit/rows.json', '[]\n'),
    affected: ['billing'],
    misses: { test: ['billing'] },
  },
  {
    change: "a service's example event",
    edit: append('services/orders/events/good.json', '\n'),
    affected: ['orders'],
    misses: { test: ['orders'] },
  },
  {
    change: "a service's infrastructure code",
    edit: append('services/orders/infra/template.yaml'),
    affected: ['orders'],
    misses: { test: ['orders'] },
  },
  {
    // A test may read any file of its project; no build reads this one.
    change: "a service's README",
    edit: append('services/billing/README.md'),
    affected: ['billing'],
    misses: { test: ['billing'] },
  },
  {
    change: "a library's README",
    edit: append('libs/contracts/README.md'),
    affected: ON_CONTRACTS,
    misses: { test: ['contracts'] },
  },
  {
    change: "a library's source",
    edit: append('libs/contracts/src/contracts/chunks.py'),
    affected: ON_CONTRACTS,
    misses: {
      lint: ['contracts'],
      typecheck: ON_CONTRACTS,
      test: ON_CONTRACTS,
      pack: PACKED_WITH_CONTRACTS,
    },
    isRun: true,
  },
  {
    change: "a library's test",
    edit: append('libs/contracts/tests/unit/test_chunks.py'),
    affected: ON_CONTRACTS,
    misses: {
      lint: ['contracts'],
      typecheck: ['contracts'],
      test: ['contracts'],
    },
  },
  {
    // pyright reads no JSON.
    change: "a library's data file",
    edit: write('libs/contracts/src/contracts/rows.json', '[]\n'),
    affected: ON_CONTRACTS,
    misses: { test: ON_CONTRACTS, pack: PACKED_WITH_CONTRACTS },
  },
  {
    change: 'a library in between',
    edit: append('libs/text-utils/src/text_utils/chunks.py'),
    affected: ON_TEXT_UTILS,
    misses: {
      lint: ['text-utils'],
      typecheck: ON_TEXT_UTILS,
      test: ON_TEXT_UTILS,
      pack: ['billing', 'invoices'],
    },
  },
  {
    change: 'a library that a service takes by an extra',
    edit: append('libs/reports/src/reports/chunks.py'),
    affected: ['invoices', 'reports'],
    misses: {
      lint: ['reports'],
      typecheck: ['invoices', 'reports'],
      test: ['invoices', 'reports'],
      pack: ['invoices'],
    },
  },
  {
    change: 'a library that is installed as a copy (editable = false)',
    edit: append('libs/pricing/src/pricing/chunks.py'),
    affected: ['notify', 'pricing'],
    misses: {
      lint: ['pricing'],
      typecheck: ['notify', 'pricing'],
      test: ['notify', 'pricing'],
      pack: ['notify'],
    },
  },
  {
    // It does not reach the artifact.
    change: 'a library of a dependency group, by include-group',
    edit: append('libs/testing-kit/src/testing_kit/chunks.py'),
    affected: ['notify', 'testing-kit'],
    misses: {
      lint: ['testing-kit'],
      typecheck: ['notify', 'testing-kit'],
      test: ['notify', 'testing-kit'],
    },
  },
  {
    change: 'a library that is no package (package = false)',
    edit: append('libs/seed-data/seeds.json', '\n'),
    affected: ['notify', 'seed-data', 'testing-kit'],
    misses: { test: ['notify', 'seed-data', 'testing-kit'] },
  },
  {
    change: 'a dependency by path that is no member',
    edit: append('vendor/parser-kit/src/parser_kit/__init__.py'),
    affected: ['archive'],
    misses: {
      typecheck: ['archive'],
      test: ['archive'],
      pack: ['archive'],
    },
  },
  {
    change: 'a file that git ignores',
    edit: write('services/ping/src/ping/rows.ignored.json', '[]\n'),
    affected: [],
    misses: {},
  },
  {
    change: 'a file of no project',
    edit: write('docs/guide.md', 'Read me.\n'),
    affected: [],
    misses: {},
  },
  {
    change: "the line endings of a service's source",
    edit: toCrlf('services/ping/src/ping/chunks.py'),
    affected: ['ping'],
    misses: everyTarget(['ping']),
  },
  {
    change: "a comment in a service's pyproject.toml",
    edit: append('services/billing/pyproject.toml'),
    affected: ['billing'],
    misses: everyTarget(['billing']),
  },
  {
    change: "a comment in a library's pyproject.toml",
    edit: append('libs/contracts/pyproject.toml'),
    affected: ON_CONTRACTS,
    misses: {
      // It judges the imports of the library by its name.
      lint: ON_CONTRACTS,
      typecheck: ON_CONTRACTS,
      test: ON_CONTRACTS,
      pack: PACKED_WITH_CONTRACTS,
    },
  },
];
