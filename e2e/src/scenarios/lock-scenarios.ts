import { ALL, ALL_WITH_CODE } from '../support/scenario-workspace';
import { append, inOrder, lock, lockAs, replace, sync } from './scenario';
import { toCrlf } from './scenario';
import type { Bench, Scenario } from './scenario';

type Expected = Pick<Scenario, 'affected' | 'misses'>;

/** A change of the lock file costs the same before `nx sync` and after it. */
function syncedOrNot(
  change: string,
  edit: Scenario['edit'],
  expected: Expected,
  isRun = false,
): readonly Scenario[] {
  return [
    { change: `${change}, not synced`, edit, ...expected },
    {
      change: `${change}, synced`,
      edit: inOrder(edit, sync),
      ...expected,
      isRun,
    },
  ];
}

function closureOf(
  projects: readonly string[],
  pack: readonly string[],
): Expected {
  return {
    affected: projects,
    misses: { typecheck: projects, test: projects, pack },
  };
}

const TOOLCHAIN: Expected = {
  affected: ALL,
  misses: { lint: ALL, typecheck: ALL_WITH_CODE, test: ALL_WITH_CODE },
};

// Lint judges the imports of a dependency by its name; that nothing is imported from a layer, the inputs do not know.
const ON_LAYER: Expected = {
  affected: ['archive', 'text-layer'],
  misses: {
    lint: ['archive', 'text-layer'],
    typecheck: ['archive'],
    test: ['archive'],
    pack: ['archive', 'text-layer'],
  },
};

/** The same lock file with every address of another index. */
function moveIndex({ workspace }: Bench): void {
  workspace.write(
    'uv.lock',
    workspace
      .read('uv.lock')
      .replaceAll(/registry = "[^"]*"/g, 'registry = "https://mirror.example"')
      .replaceAll(/url = "https?:\/\/[^/"]*/g, 'url = "https://mirror.example'),
  );
}

/** Edits of uv.lock and of what is made from it. */
export const LOCK_SCENARIOS: readonly Scenario[] = [
  ...syncedOrNot(
    'a direct dependency that one service has',
    lockAs('inflection==0.5.0'),
    closureOf(['billing'], ['billing']),
    true,
  ),
  ...syncedOrNot(
    'a transitive dependency that one service has',
    lockAs('soupsieve==2.6'),
    closureOf(['invoices'], ['invoices']),
  ),
  ...syncedOrNot(
    'a dependency that several have',
    lockAs('tabulate==0.8.10'),
    closureOf(
      ['billing', 'invoices', 'reports', 'text-utils'],
      ['billing', 'invoices'],
    ),
  ),
  ...syncedOrNot(
    // The tests of reports have it too: the extra is installed.
    "a dependency of a library's extra",
    lockAs('tomli-w==1.1.0'),
    closureOf(['invoices', 'reports'], ['invoices']),
  ),
  ...syncedOrNot(
    // What a layer holds is left out of the services that use it.
    'a dependency of a layer and of the service that uses it',
    lockAs('more-itertools==10.7.0'),
    {
      affected: ['archive', 'text-layer'],
      misses: {
        typecheck: ['archive'],
        test: ['archive'],
        pack: ['archive', 'text-layer'],
      },
    },
  ),
  ...syncedOrNot(
    'a new dependency of a layer',
    inOrder(
      replace(
        'layers/text-layer/pyproject.toml',
        '["more-itertools"]',
        '["more-itertools", "roman"]',
      ),
      lock,
    ),
    ON_LAYER,
  ),
  ...syncedOrNot('a tool', lockAs('ruff==0.17.5'), TOOLCHAIN),
  ...syncedOrNot(
    // Every dev group is installed in the one environment, with the tools.
    "a dependency of a dev group's library",
    lockAs('sortedcontainers==2.3.0'),
    TOOLCHAIN,
  ),
  ...syncedOrNot(
    'a new dependency of a service',
    inOrder(
      replace(
        'services/ping/pyproject.toml',
        'dependencies = []',
        'dependencies = ["inflection"]',
      ),
      lock,
    ),
    {
      affected: ['ping'],
      misses: {
        lint: ['ping'],
        typecheck: ['ping'],
        test: ['ping'],
        pack: ['ping'],
      },
    },
  ),
  {
    change: 'the addresses of the index',
    edit: moveIndex,
    affected: [],
    misses: {},
  },
  {
    change: 'the line endings of uv.lock',
    edit: toCrlf('uv.lock'),
    affected: [],
    misses: {},
  },
  {
    change: 'a comment in uv.lock',
    edit: append('uv.lock'),
    affected: [],
    misses: {},
  },
  {
    change: 'a requirements.txt that is edited by hand',
    edit: append('services/billing/requirements.txt'),
    ...closureOf(['billing'], ['billing']),
  },
  {
    change: 'the line endings of a requirements.txt',
    edit: toCrlf('services/billing/requirements.txt'),
    ...closureOf(['billing'], ['billing']),
  },
];
