import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../shared/process.mjs';

const ENGINE = fileURLToPath(new URL('../pack/engine.mjs', import.meta.url));

/**
 * Packs the services of a workspace, and unpacks what came out.
 *
 * @param {{ root: string; services: readonly { name: string; made: string; projectRoot: string; environment: Record<string, string> }[] }} workspace
 * @param {string} plugin the folder of the plugin: an absolute path
 */
export function packAll({ root, services }, plugin) {
  run(
    process.execPath,
    [ENGINE, plugin, root, ...services.map(({ projectRoot }) => projectRoot)],
    { cwd: root },
  );
  return services.map(({ name, made, projectRoot, environment }) => {
    const output = join(root, 'dist', projectRoot);
    const manifest = JSON.parse(
      readFileSync(join(output, `${name}.manifest.json`), 'utf8'),
    );
    const taskRoot = join(root, 'unpacked', name);
    rmSync(taskRoot, { recursive: true, force: true });
    mkdirSync(taskRoot, { recursive: true });
    run('python3', [
      ...['-m', 'zipfile', '-e', join(output, `${name}.zip`), taskRoot],
    ]);
    return {
      name,
      made,
      manifest,
      taskRoot,
      module: manifest.handler.split('.').slice(0, -1).join('.'),
      environment,
    };
  });
}
