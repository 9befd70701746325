// Packs services in one process, without Nx: node engine.mjs <folder of the plugin> <workspace> <project root> …
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , plugin, workspaceRoot, ...projectRoots] = process.argv;
const require = createRequire(import.meta.url);
const { packService } = require(join(plugin, 'src/artifact/pack.js'));
const { readService } = require(join(plugin, 'src/workspace/service.js'));

for (const projectRoot of projectRoots) {
  await packService({
    workspaceRoot,
    service: readService(workspaceRoot, projectRoot),
    outputFolder: join(workspaceRoot, 'dist', projectRoot),
  });
}
