import { writePyproject } from '../support/scenario-workspace';
import { append, inOrder, lock, sync, write } from './scenario';
import type { Bench, Scenario } from './scenario';

const SETUPTOOLS = [
  'requires = ["uv_build>=0.13,<0.14"]\nbuild-backend = "uv_build"',
  'requires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"',
] as const;

/** A library of one module in its own folder, and two that share a namespace; none of them is declared by anybody. */
function writeLibraries({ workspace }: Bench): void {
  writePyproject(workspace, {
    folder: 'libs/rates',
    name: 'rates',
    isFlat: true,
    tables: ['[tool.setuptools]\npy-modules = ["rates"]'],
  });
  workspace.replace('libs/rates/pyproject.toml', ...SETUPTOOLS);
  workspace.write('libs/rates/rates.py', '"""Rates."""\n\nRATE = 1\n');
  workspace.write('libs/rates/tests/test_rates.py', '"""Tests of rates."""\n');
  for (const part of ['fees', 'tax']) {
    writePyproject(workspace, {
      folder: `libs/acme-${part}`,
      name: `acme-${part}`,
      tables: [`[tool.uv.build-backend]\nmodule-name = "acme.${part}"`],
    });
    workspace.write(
      `libs/acme-${part}/src/acme/${part}/__init__.py`,
      `"""Of ${part}."""\n`,
    );
  }
}

const LAYOUTS = inOrder(
  writeLibraries,
  write(
    'services/ping/tests/unit/test_rates.py',
    '"""Rates."""\n\nimport rates\n\nassert rates.RATE\n',
  ),
  write(
    'services/notify/src/notify/tax.py',
    '"""Tax."""\n\nfrom acme import tax\n\nassert tax\n',
  ),
  lock,
  sync,
);

/** Where modules stand and what they are called: an import that is not declared is an edge all the same. */
export const LAYOUT_SCENARIOS: readonly Scenario[] = [
  {
    // ping has not declared it, and so pack cannot know that only a test imports it.
    change: 'a module in the folder of a library itself',
    given: LAYOUTS,
    edit: append('libs/rates/rates.py'),
    affected: ['ping', 'rates'],
    misses: {
      lint: ['rates'],
      typecheck: ['ping', 'rates'],
      test: ['ping', 'rates'],
      pack: ['ping'],
    },
  },
  {
    // setuptools may take any folder.
    change: 'the fixture of a test beside such a module',
    given: LAYOUTS,
    edit: write('libs/rates/tests/rows.json', '[]\n'),
    affected: ['ping', 'rates'],
    misses: { test: ['ping', 'rates'], pack: ['ping'] },
  },
  {
    change: 'a part of a namespace',
    given: LAYOUTS,
    edit: append('libs/acme-tax/src/acme/tax/__init__.py'),
    affected: ['acme-tax', 'notify'],
    misses: {
      lint: ['acme-tax'],
      typecheck: ['acme-tax', 'notify'],
      test: ['acme-tax', 'notify'],
      // Of what uv.lock tells that it is developed with, pack knows; of what nobody has declared, it does not take any.
    },
  },
  {
    change: 'another part of the namespace, which nobody imports',
    given: LAYOUTS,
    edit: append('libs/acme-fees/src/acme/fees/__init__.py'),
    affected: ['acme-fees'],
    misses: {
      lint: ['acme-fees'],
      typecheck: ['acme-fees'],
      test: ['acme-fees'],
    },
  },
  {
    change: 'an import of another part of the namespace',
    given: LAYOUTS,
    edit: write(
      'services/notify/src/notify/fees.py',
      '"""Fees."""\n\nimport acme.fees\n\nassert acme.fees\n',
    ),
    affected: ['notify'],
    misses: {
      lint: ['notify'],
      typecheck: ['notify'],
      test: ['notify'],
      pack: ['notify'],
    },
  },
];
