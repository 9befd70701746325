import { spawnSync } from 'node:child_process';
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../shared/process.mjs';
import { environmentOf, makeNxWorkspace } from './subject-lambda-py.mjs';

const SERVICE = 'service-1';

/**
 * `nx run` as a user types it, of `pack` and of a target that does nothing: what lies between them is what `pack` adds to
 * Nx. For workloads of one service.
 */
export function nxRun(context) {
  const nx = join(context.installation, 'node_modules/nx/dist/bin/nx.js');
  const variant = (target, hasDaemon) => {
    const env = {
      ...environmentOf(context),
      NX_DAEMON: String(hasDaemon),
    };
    return {
      name: `nx run ${SERVICE}:${target}${hasDaemon ? ', daemon' : ''}`,
      fits: ({ services }) => services === 1,
      prepare: async (root, workload) => {
        writeFileSync(
          join(root, 'services', SERVICE, 'project.json'),
          '{ "targets": { "nothing": { "executor": "nx:run-commands", "options": { "command": "true" } } } }\n',
        );
        // What `nx sync`, which `pack` asks for, writes requirements-dev.txt from.
        appendFileSync(
          join(root, 'pyproject.toml'),
          '[dependency-groups]\ndev = []\n',
        );
        run(context.uv, ['lock', '--quiet'], { cwd: root });
        await makeNxWorkspace(root, workload, context);
        run(process.execPath, [nx, 'sync'], { cwd: root, env });
      },
      reset: (root) => {
        const here = { cwd: root, env };
        // A daemon that went on would believe that the output is still there.
        if (hasDaemon) run(process.execPath, [nx, 'reset'], here);
        for (const folder of ['.nx', 'dist']) {
          rmSync(join(root, folder), { recursive: true, force: true });
        }
        // Starts it, with the graph: what is measured is a daemon that has been there for a while.
        if (hasDaemon) run(process.execPath, [nx, 'show', 'projects'], here);
      },
      finish: (root) => {
        if (!hasDaemon) return;
        spawnSync(process.execPath, [nx, 'daemon', '--stop'], {
          cwd: root,
          env,
        });
      },
      commands: () => [
        {
          command: process.execPath,
          args: [nx, 'run', `${SERVICE}:${target}`],
          env,
        },
      ],
      zips: (root) =>
        target === 'pack'
          ? [join(root, 'dist/services', SERVICE, `${SERVICE}.zip`)]
          : [],
    };
  };
  return [false, true].flatMap((hasDaemon) =>
    ['pack', 'nothing'].map((target) => variant(target, hasDaemon)),
  );
}
