import { writeMember } from '../support/scenario-workspace';
import { append, inOrder, lock, replace, sync, write } from './scenario';
import type { Bench, Scenario } from './scenario';

function writeEcho({ workspace }: Bench): void {
  writeMember(workspace, {
    folder: 'services/ping/plugins/echo',
    name: 'echo',
  });
}

/** Two projects in the folder of ping: a member, and one that is no Python. */
const NESTED = inOrder(
  replace(
    'pyproject.toml',
    '"services/*"]',
    '"services/*", "services/*/plugins/*"]',
  ),
  writeEcho,
  write('services/ping/web/project.json', '{ "name": "web" }\n'),
  write('services/ping/web/page.js', '// A page.\n'),
  lock,
  sync,
);

/** Projects in the folder of another one. */
export const NESTED_SCENARIOS: readonly Scenario[] = [
  {
    // ruff and pyright are given the outer folder, and look into the inner one too.
    change: 'the source of a project in the folder of another one',
    given: NESTED,
    edit: append('services/ping/plugins/echo/src/echo/chunks.py'),
    affected: ['echo', 'ping'],
    misses: {
      lint: ['echo', 'ping'],
      typecheck: ['echo', 'ping'],
      test: ['echo'],
    },
  },
  {
    // ruff takes the settings that are nearest to a file.
    change: 'the settings of ruff of a project in the folder of another one',
    given: NESTED,
    edit: write(
      'services/ping/plugins/echo/ruff.toml',
      'extend = "../../../../pyproject.toml"\n',
    ),
    affected: ['echo', 'ping'],
    misses: { lint: ['echo', 'ping'], test: ['echo'] },
  },
  {
    change: 'a notebook of a project in the folder of another one',
    given: NESTED,
    edit: write('services/ping/plugins/echo/notes.ipynb', '{}\n'),
    affected: ['echo', 'ping'],
    misses: { lint: ['echo', 'ping'], test: ['echo'] },
  },
  {
    change: 'the data of a project in the folder of another one',
    given: NESTED,
    edit: write('services/ping/plugins/echo/src/echo/rows.json', '[]\n'),
    affected: ['echo'],
    misses: { test: ['echo'] },
  },
  {
    change: 'the outer one of two projects',
    given: NESTED,
    edit: append('services/ping/src/ping/chunks.py'),
    affected: ['ping'],
    misses: {
      lint: ['ping'],
      typecheck: ['ping'],
      test: ['ping'],
      pack: ['ping'],
    },
  },
  {
    change: 'a project of another kind in the folder of a service',
    given: NESTED,
    edit: append('services/ping/web/page.js', '// More.\n'),
    affected: ['web'],
    misses: {},
  },
];
