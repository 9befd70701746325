// Packs services as the executor does, in one process, a few at a time, without Nx:
// node engine.mjs <folder of the plugin> <workspace> <project root> …
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , plugin, root, ...projectRoots] = process.argv;
const require = createRequire(import.meta.url);
const { default: pack } = require(
  join(plugin, 'src/executors/pack/executor.js'),
);
const projects = Object.fromEntries(
  projectRoots.map((projectRoot) => [projectRoot, { root: projectRoot }]),
);

// While one waits for uv, Python or the disk, the others go on.
const AT_A_TIME = 4;

async function packOneByOne() {
  for (;;) {
    const projectName = projectRoots.shift();
    if (projectName === undefined) return;
    const { success } = await pack(
      {},
      { root, projectName, projectsConfigurations: { projects } },
    );
    if (!success) process.exitCode = 1;
  }
}

await Promise.all(Array.from({ length: AT_A_TIME }, packOneByOne));
