import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What is compared. `@nxlv/python` and Nx itself infer no projects from a pyproject.toml: their workspaces have a
 * project.json for each member, the others none.
 *
 * @param {string} installation
 * @returns {{ name: string; projectJson?: 'six targets' | 'same graph'; plugins: unknown[]; mostMembers?: number }[]}
 */
export function makeVariants(installation) {
  // What any plugin costs: Nx starts a process for each, and sends it the whole graph.
  const nothing = join(installation, 'nothing.js');
  writeFileSync(
    nothing,
    [
      "exports.name = 'nothing';",
      "exports.createNodes = ['**/pyproject.toml', () => []];",
      'exports.createDependencies = () => [];',
      '',
    ].join('\n'),
  );
  return [
    { name: 'Nx, no projects', plugins: [] },
    { name: 'Nx, project.json', projectJson: 'six targets', plugins: [] },
    {
      name: 'Nx, project.json of lambda-py’s graph',
      projectJson: 'same graph',
      plugins: [],
    },
    {
      name: 'Nx, project.json, a plugin that does nothing',
      projectJson: 'six targets',
      plugins: [nothing],
    },
    {
      name: '@nxlv/python, project.json',
      projectJson: 'six targets',
      plugins: [{ plugin: '@nxlv/python', options: { packageManager: 'uv' } }],
      // With 5,000, one command takes many minutes.
      mostMembers: 1000,
    },
    {
      name: 'lambda-py’s nodes and edges from a file',
      plugins: [recordedPlugin(installation)],
    },
    { name: 'lambda-py', plugins: ['lambda-py'] },
  ];
}

/**
 * A plugin that gives Nx the very nodes and edges of lambda-py, and does none of its work: it reads them from a file, which
 * its first run in a workspace writes. What it takes is what Nx takes for a graph of this size.
 */
function recordedPlugin(installation) {
  const file = join(installation, 'recorded.js');
  writeFileSync(
    file,
    `
const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { deserialize, serialize } = require('node:v8');

const recorded = async (name, root, make) => {
  const file = join(root, '.nx', 'recorded-' + name);
  // Nx's messages keep what nodes share, and so does this.
  if (existsSync(file)) return deserialize(readFileSync(file));
  const made = await make(require('lambda-py'));
  mkdirSync(join(root, '.nx'), { recursive: true });
  writeFileSync(file, serialize(made));
  return made;
};
exports.name = 'recorded';
exports.createNodes = [
  '**/pyproject.toml',
  (files, options, context) =>
    recorded('nodes', context.workspaceRoot, (plugin) =>
      plugin.createNodes[1](files, options, context),
    ),
];
exports.createDependencies = (options, context) =>
  recorded('edges', context.workspaceRoot, (plugin) =>
    plugin.createDependencies(options, context),
  );
`,
  );
  return file;
}

/**
 * Writes the nx.json of a variant.
 *
 * @param {string} root
 * @param {{ plugins: unknown[] }} variant
 */
export function writeNxJson(root, { plugins }) {
  writeFileSync(
    join(root, 'nx.json'),
    `${JSON.stringify({ analytics: false, neverConnectToCloud: true, plugins }, undefined, 2)}\n`,
  );
}
