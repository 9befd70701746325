import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure } from './process.mjs';
import { writeNxJson } from './variants.mjs';
import { remove } from './workspace.mjs';

/** The states that the graph is made from, in the order in which a round goes through them. */
export const STATES = ['cold', 'warm', 'edit', 'daemon'];

/**
 * Measures one variant once in each state.
 *
 * @param {object} options
 * @param {string} options.root the workspace
 * @param {{ name: string; plugins: unknown[] }} options.variant
 * @param {string} options.data the folder for Nx's data: each variant has its own, so that none disturbs another
 * @param {{ root: string; isService: boolean }[]} options.members
 * @param {number} options.round
 * @param {boolean} options.memory whether memory is measured instead of time
 */
export async function measureRound({
  root,
  variant,
  data,
  members,
  round,
  memory,
}) {
  writeNxJson(root, variant);
  remove(data);
  const graph = (daemon = 'false') =>
    nx(root, data, ['show', 'projects', '--json'], { daemon, memory });
  const cold = await graph();
  const warm = await graph();
  // A comment: what is measured is that the file has to be read anew, not that the graph has become another one.
  const member = members.at(-1 - round);
  appendFileSync(join(root, member.root, 'pyproject.toml'), '# edited\n');
  const edit = await graph();
  let daemon;
  try {
    await graph('true');
    daemon = await graph('true');
  } finally {
    await nx(root, data, ['daemon', '--stop'], { daemon: 'true' });
  }
  return {
    projects: JSON.parse(cold.output).length,
    cold,
    warm,
    edit,
    // The daemon's own memory is no child of the command's.
    daemon: memory ? undefined : daemon,
  };
}

/**
 * Measures the sync generator where there is nothing to sync, in a process that has just started: loading it and
 * running it, without what Nx does around it.
 *
 * @param {string} root
 * @param {string} data
 * @returns {Promise<number>} seconds
 */
export async function measureSync(root, data) {
  const script = `
    const { FsTree } = require('nx/src/generators/tree');
    const started = performance.now();
    const { default: sync } = require(process.argv[1]);
    const tree = new FsTree(process.cwd(), false);
    sync(tree).then(() => {
      if (tree.listChanges().length > 0) throw new Error('out of sync');
      console.log(performance.now() - started);
    });`;
  const generator = 'node_modules/lambda-py/src/generators/sync/generator.js';
  const { output } = await measure(
    process.execPath,
    ['-e', script, join(root, generator)],
    { cwd: root, env: { ...process.env, NX_WORKSPACE_DATA_DIRECTORY: data } },
  );
  return Number(output) / 1000;
}

function nx(root, data, args, { daemon = 'false', memory } = {}) {
  const script = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  return measure(process.execPath, [script, ...args], {
    cwd: root,
    memory,
    env: {
      ...withoutNx(process.env),
      NX_DAEMON: daemon,
      NX_TUI: 'false',
      NX_WORKSPACE_DATA_DIRECTORY: data,
      NX_CACHE_DIRECTORY: join(data, 'cache'),
      NO_COLOR: '1',
    },
  });
}

function withoutNx(environment) {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !/^(?:NX_|npm_|CI$|FORCE_COLOR$)/.test(name),
    ),
  );
}
