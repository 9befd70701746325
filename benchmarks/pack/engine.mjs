// Packs services in one process, a few at a time, without Nx: node engine.mjs <folder of the plugin> <workspace> <project root> …
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , plugin, workspaceRoot, ...projectRoots] = process.argv;
const require = createRequire(import.meta.url);
const { packService } = require(join(plugin, 'src/artifact/pack.js'));
const { readService } = require(join(plugin, 'src/workspace/service.js'));

// While one waits for uv, Python or the disk, the others go on.
const AT_A_TIME = 4;

async function packOneByOne() {
  for (;;) {
    const projectRoot = projectRoots.shift();
    if (projectRoot === undefined) return;
    await packService({
      workspaceRoot,
      service: readService(workspaceRoot, projectRoot),
      outputFolder: join(workspaceRoot, 'dist', projectRoot),
    });
  }
}

await Promise.all(Array.from({ length: AT_A_TIME }, packOneByOne));
