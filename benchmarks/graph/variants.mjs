import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What is compared. `@nxlv/python` and Nx itself infer no projects from a pyproject.toml: their workspaces have a
 * project.json for each member, the others none.
 *
 * @param {string} installation
 * @returns {{ name: string; projectJson: boolean; plugins: unknown[]; mostMembers?: number }[]}
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
    { name: 'Nx, no projects', projectJson: false, plugins: [] },
    { name: 'Nx, project.json', projectJson: true, plugins: [] },
    {
      name: 'Nx, project.json, a plugin that does nothing',
      projectJson: true,
      plugins: [nothing],
    },
    {
      name: '@nxlv/python, project.json',
      projectJson: true,
      plugins: [{ plugin: '@nxlv/python', options: { packageManager: 'uv' } }],
      // With 5,000, one command takes many minutes.
      mostMembers: 1000,
    },
    { name: 'lambda-py', projectJson: false, plugins: ['lambda-py'] },
  ];
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
