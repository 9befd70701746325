import { append, inOrder, replace, write } from './scenario';
import type { Scenario } from './scenario';

const HATCHLING = [
  'requires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"',
  'requires = ["hatchling"]\nbuild-backend = "hatchling.build"',
] as const;
const ON_TEXT_UTILS = ['billing', 'invoices', 'reports', 'text-utils'];

/** Files that describe a project, some in a folder that is built of nowhere else, and settings of a backend. */
const DESCRIBED = inOrder(
  replace(
    'libs/pricing/pyproject.toml',
    'dependencies =',
    'readme = "docs/about.md"\ndependencies =',
  ),
  write('libs/pricing/docs/about.md', 'Prices.\n'),
  replace(
    'services/ping/pyproject.toml',
    'dependencies =',
    'license-files = ["docs/licence*"]\ndependencies =',
  ),
  write('services/ping/docs/licence.txt', 'Yours.\n'),
  replace(
    'libs/reports/pyproject.toml',
    'dependencies =',
    'readme = "README.md"\ndependencies =',
  ),
  replace('libs/text-utils/pyproject.toml', ...HATCHLING),
  write('libs/text-utils/hatch.toml', '[build.targets.wheel]\n'),
  replace('libs/testing-kit/pyproject.toml', ...HATCHLING),
);

/** What a wheel is made from besides modules. */
export const BUILD_SCENARIOS: readonly Scenario[] = [
  {
    change: 'a readme in the folder docs',
    given: DESCRIBED,
    edit: append('libs/pricing/docs/about.md', 'More.\n'),
    affected: ['notify', 'pricing'],
    misses: { test: ['notify', 'pricing'], pack: ['notify'] },
  },
  {
    change: 'a file of the folder docs that describes nothing',
    edit: write('libs/pricing/docs/about.md', 'Prices.\n'),
    affected: ['notify', 'pricing'],
    misses: { test: ['pricing'] },
  },
  {
    change: 'a licence in the folder docs',
    given: DESCRIBED,
    edit: append('services/ping/docs/licence.txt', 'Mine.\n'),
    affected: ['ping'],
    misses: { test: ['ping'], pack: ['ping'] },
  },
  {
    change: 'a README that is the readme',
    given: DESCRIBED,
    edit: append('libs/reports/README.md', 'More.\n'),
    affected: ['invoices', 'reports'],
    misses: { test: ['invoices', 'reports'], pack: ['invoices'] },
  },
  {
    change: 'a test beside a README that is the readme',
    given: DESCRIBED,
    edit: append('libs/reports/tests/unit/test_chunks.py'),
    affected: ['invoices', 'reports'],
    misses: { lint: ['reports'], typecheck: ['reports'], test: ['reports'] },
  },
  {
    change: 'a hatch.toml',
    given: DESCRIBED,
    edit: append('libs/text-utils/hatch.toml'),
    affected: ON_TEXT_UTILS,
    misses: { test: ON_TEXT_UTILS, pack: ['billing', 'invoices'] },
  },
  {
    // A hatch.toml may have hatchling take any folder.
    change: 'the fixture of a test beside a hatch.toml',
    given: DESCRIBED,
    edit: write('libs/text-utils/tests/unit/rows.json', '[]\n'),
    affected: ON_TEXT_UTILS,
    misses: { test: ON_TEXT_UTILS, pack: ['billing', 'invoices'] },
  },
  {
    // Nx hashes the named inputs of a project into each of its tasks, and into those that have files of it as inputs.
    change: 'a hatch.toml that comes',
    given: DESCRIBED,
    edit: write('libs/testing-kit/hatch.toml', '[build.targets.wheel]\n'),
    affected: ['notify', 'testing-kit'],
    misses: {
      lint: ['notify', 'testing-kit'],
      typecheck: ['notify', 'testing-kit'],
      test: ['notify', 'testing-kit'],
    },
  },
];
