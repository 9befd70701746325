import { append, inOrder, lock, replace, sync, write } from './scenario';
import type { Scenario } from './scenario';

/** The layer of `archive` holds a library of the workspace, and one by path that is no member. */
const LAYER_OF_LIBRARIES = inOrder(
  replace(
    'layers/text-layer/pyproject.toml',
    '["more-itertools"]',
    '["more-itertools", "pricing", "slug-kit"]',
  ),
  append(
    'layers/text-layer/pyproject.toml',
    '\n[tool.uv.sources]\npricing = { workspace = true }\nslug-kit = { path = "../../vendor/slug-kit" }\n',
  ),
  ({ workspace }) => {
    workspace.write(
      'vendor/slug-kit/pyproject.toml',
      workspace
        .read('vendor/parser-kit/pyproject.toml')
        .replaceAll('parser-kit', 'slug-kit'),
    );
  },
  write('vendor/slug-kit/src/slug_kit/__init__.py', 'X = 1\n'),
  lock,
  sync,
);

/** What a layer holds besides distributions of an index: the manifests of its services have its sizes too. */
export const LAYER_SCENARIOS: readonly Scenario[] = [
  {
    change: 'a library that a layer holds',
    given: LAYER_OF_LIBRARIES,
    edit: append('libs/pricing/src/pricing/chunks.py'),
    affected: ['archive', 'notify', 'pricing', 'text-layer'],
    misses: {
      lint: ['pricing'],
      typecheck: ['archive', 'notify', 'pricing'],
      test: ['archive', 'notify', 'pricing'],
      pack: ['archive', 'notify', 'text-layer'],
    },
  },
  {
    change: 'a test of a library that a layer holds',
    given: LAYER_OF_LIBRARIES,
    edit: append('libs/pricing/tests/unit/test_chunks.py'),
    affected: ['archive', 'notify', 'pricing', 'text-layer'],
    misses: { lint: ['pricing'], typecheck: ['pricing'], test: ['pricing'] },
  },
  {
    change: 'a dependency of a layer by path that is no member',
    given: LAYER_OF_LIBRARIES,
    edit: append('vendor/slug-kit/src/slug_kit/__init__.py'),
    affected: ['archive', 'text-layer'],
    misses: {
      typecheck: ['archive'],
      test: ['archive'],
      pack: ['archive', 'text-layer'],
    },
  },
  {
    change: 'a service that uses a layer',
    given: LAYER_OF_LIBRARIES,
    edit: append('services/archive/archive/chunks.py'),
    affected: ['archive'],
    misses: {
      lint: ['archive'],
      typecheck: ['archive'],
      test: ['archive'],
      pack: ['archive'],
    },
  },
];
