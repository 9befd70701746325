import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serviceNames } from './workloads.mjs';

const ENGINE = fileURLToPath(new URL('engine.mjs', import.meta.url));

/** The engine alone, with its variants, and the engine as a user runs it. */
export function lambdaPy(context) {
  const { installation } = context;
  const plugin = join(installation, 'node_modules/lambda-py');
  const env = environmentOf(context);
  const variant = (name, table, command) => ({
    name,
    prepare: async (root, workload) => {
      for (const service of serviceNames(workload)) {
        const file = join(root, 'services', service, 'pyproject.toml');
        appendFileSync(file, table(workload));
      }
      await makeNxWorkspace(root, workload, context);
    },
    reset: (root) => {
      for (const folder of ['.nx', 'dist']) {
        rmSync(join(root, folder), { recursive: true, force: true });
      }
    },
    commands: (root, workload) => [{ ...command(root, workload), env }],
    zips: (root, workload) =>
      serviceNames(workload).map((service) =>
        join(root, 'dist/services', service, `${service}.zip`),
      ),
  });
  const engine = (root, workload) => ({
    command: process.execPath,
    args: [
      ENGINE,
      plugin,
      root,
      ...serviceNames(workload).map((service) => `services/${service}`),
    ],
  });
  const nx = () => ({
    command: process.execPath,
    args: [
      join(installation, 'node_modules/nx/dist/bin/nx.js'),
      ...['run-many', '--target=pack', '--skip-sync', '--outputStyle=static'],
    ],
  });
  return [
    variant('lambda-py, engine', () => '', engine),
    variant('lambda-py, without bytecode', () => 'bytecode = false\n', engine),
    variant('lambda-py, lean', lean, engine),
    variant(
      'lambda-py, lean, without bytecode',
      (workload) => `${lean(workload)}bytecode = false\n`,
      engine,
    ),
    variant('lambda-py, nx run-many', () => '', nx),
  ];
}

/** What a run time never reads is left out, of botocore all but three services. L has the first of these anyway. */
function lean(workload) {
  return workload.lean
    ? ''
    : 'strip = ["tests", "stubs", "docs", "headers"]\nbotocore-services = ["dynamodb", "s3", "sqs"]\n';
}

/** The environment of whatever runs the plugin. */
export function environmentOf({ uv, interpreter }) {
  return {
    ...process.env,
    LAMBDA_PY_UV: uv,
    PATH: [dirname(interpreter), process.env.PATH].join(delimiter),
  };
}

/** Adds the plugin and Nx to a workspace, and the requirements that `nx sync` would write. */
export async function makeNxWorkspace(root, workload, { installation, uv }) {
  await exportRequirements(installation, root, workload, uv);
  writeFileSync(
    join(root, 'nx.json'),
    '{ "analytics": false, "neverConnectToCloud": true, "plugins": ["lambda-py"] }\n',
  );
  writeFileSync(
    join(root, 'package.json'),
    '{ "private": true, "devDependencies": { "lambda-py": "*" } }\n',
  );
  symlinkSync(join(installation, 'node_modules'), join(root, 'node_modules'));
}

async function exportRequirements(installation, root, workload, uv) {
  process.env.LAMBDA_PY_UV = uv;
  const plugin = join(installation, 'node_modules/lambda-py');
  const require = createRequire(import.meta.url);
  const requirements = require(join(plugin, 'src/workspace/requirements.js'));
  const lock = requirements.requireLockFile(root);
  for (const service of serviceNames(workload)) {
    const locked = requirements.memberRequirements(lock, {
      projectName: service,
      projectRoot: `services/${service}`,
    });
    writeFileSync(
      join(root, locked.file),
      await requirements.exportRequirements(root, locked),
    );
  }
}
