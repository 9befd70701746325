import { rmSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ALL, withHandler, writeMember } from '../support/scenario-workspace';
import { append, everyTarget, inOrder, lock, replace, sync } from './scenario';
import type { Bench, Scenario } from './scenario';

function addPong({ workspace }: Bench): void {
  writeMember(
    workspace,
    withHandler({ folder: 'services/pong', name: 'pong' }),
  );
}

function movePing({ workspace }: Bench): void {
  renameSync(
    join(workspace.root, 'services/ping'),
    join(workspace.root, 'services/health'),
  );
}

/** uv looks for a moved project where uv.lock has it, unless it is told to lock it anew. */
function lockMovedPing({ workspace }: Bench): void {
  workspace.uv(['lock', '--quiet', '--upgrade-package', 'ping']);
}

function deletePing({ workspace }: Bench): void {
  rmSync(join(workspace.root, 'services/ping'), { recursive: true });
}

const PING_USES_PRICING = inOrder(
  replace(
    'services/ping/pyproject.toml',
    'dependencies = []',
    'dependencies = ["pricing"]',
  ),
  replace(
    'services/ping/pyproject.toml',
    '[tool.lambda-py]',
    '[tool.uv.sources]\npricing = { workspace = true, editable = false }\n\n[tool.lambda-py]',
  ),
);

/** Projects and edges that come and go. */
export const STRUCTURE_SCENARIOS: readonly Scenario[] = [
  {
    change: 'a new service',
    edit: inOrder(addPong, lock, sync),
    affected: ['pong'],
    misses: everyTarget(['pong']),
  },
  {
    change: 'a new service that is not locked yet',
    edit: addPong,
    affected: ['pong'],
    misses: everyTarget(['pong']),
  },
  {
    change: 'a service with another name',
    edit: inOrder(
      replace('services/ping/pyproject.toml', 'name = "ping"', 'name = "pong"'),
      lock,
      sync,
    ),
    affected: ['pong'],
    misses: everyTarget(['pong']),
  },
  {
    // Nx takes all for affected when a project is gone from its place.
    change: 'a service in another folder',
    edit: inOrder(movePing, lockMovedPing, sync),
    affected: ALL,
    misses: everyTarget(['ping']),
  },
  {
    change: 'a service less',
    edit: inOrder(deletePing, lock, sync),
    affected: ALL.filter((name) => name !== 'ping'),
    misses: {},
  },
  {
    change: 'a new edge, not locked yet',
    edit: PING_USES_PRICING,
    affected: ['ping'],
    misses: everyTarget(['ping']),
  },
  {
    change: 'a new edge',
    edit: inOrder(PING_USES_PRICING, lock, sync),
    affected: ['ping'],
    misses: everyTarget(['ping']),
  },
  {
    change: 'a service that comes to use a layer',
    edit: append('services/ping/pyproject.toml', 'layers = ["text-layer"]\n'),
    affected: ['ping'],
    misses: everyTarget(['ping']),
  },
  {
    change: 'an edge less',
    edit: inOrder(
      replace(
        'services/billing/pyproject.toml',
        '["text-utils","inflection"]',
        '["inflection"]',
      ),
      lock,
      sync,
    ),
    affected: ['billing'],
    misses: everyTarget(['billing']),
  },
  {
    change: "a library's edge less",
    edit: inOrder(
      replace(
        'libs/text-utils/pyproject.toml',
        '["contracts","tabulate"]',
        '["tabulate"]',
      ),
      lock,
      sync,
    ),
    affected: ['billing', 'invoices', 'reports', 'text-utils'],
    misses: {
      // Lint judges the imports of a library by its name.
      lint: ['billing', 'invoices', 'reports', 'text-utils'],
      typecheck: ['billing', 'invoices', 'reports', 'text-utils'],
      test: ['billing', 'invoices', 'reports', 'text-utils'],
      pack: ['billing', 'invoices'],
    },
  },
];
