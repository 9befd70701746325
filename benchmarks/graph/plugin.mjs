import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Loads what the benchmark needs of the packed plugin, by path: it is none of its interface.
 *
 * @param {string} installation the folder that it is installed in
 */
export function loadPlugin(installation) {
  const load = createRequire(join(installation, 'package.json'));
  const source = join(installation, 'node_modules', 'lambda-py', 'src');
  return {
    lockFile: load(join(source, 'workspace/lock-file.js')),
    requirements: load(join(source, 'workspace/requirements.js')),
    lockSummary: load(join(source, 'workspace/lock-summary.js')),
    locked: load(join(source, 'workspace/locked-requirements.js')),
    uv: load(join(source, 'workspace/uv.js')),
  };
}
