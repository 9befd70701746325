import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes the files of a new Nx workspace that has the plugin's tarball among its dependencies, as a user would have it
 * before `npm install`.
 *
 * @param {string} folder the workspace's root: an absolute path
 * @param {{ nxVersion: string; tarball: string }} versions
 */
export function writeNewWorkspace(folder, { nxVersion, tarball }) {
  mkdirSync(folder, { recursive: true });
  const write = (file, content) => writeFileSync(join(folder, file), content);
  write(
    'package.json',
    `${JSON.stringify(
      {
        name: 'acme',
        version: '0.0.0',
        private: true,
        devDependencies: {
          '@nx/devkit': nxVersion,
          'lambda-py': `file:${tarball}`,
          nx: nxVersion,
        },
      },
      undefined,
      2,
    )}\n`,
  );
  write(
    'nx.json',
    `${JSON.stringify({ analytics: false, defaultBase: 'main', neverConnectToCloud: true }, undefined, 2)}\n`,
  );
  write('.gitignore', 'node_modules\n.nx/cache\n.nx/workspace-data\n');
}
