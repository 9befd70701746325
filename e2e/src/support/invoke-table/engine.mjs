// The table of handlers in the installed plugin, without Nx:
// node engine.mjs <folder of the plugin> <workspace> <table.json> <native|python>
// Prints what the other runners need, and what each handler came to, as JSON.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [plugin, root, tableFile, clientModule] = process.argv.slice(2);
const load = createRequire(join(plugin, 'package.json'));
const { invokeFunction } = load(join(plugin, 'src/runtime/invoke.js'));
const { unpackArtifact } = load(join(plugin, 'src/runtime/artifact-folder.js'));
const { provideRuntimeClient } = load(
  join(plugin, 'src/runtime/runtime-client.js'),
);
const { ensureInfrastructureTools } = load(
  join(plugin, 'src/toolchain/infrastructure/tools.js'),
);
const { findRuntime } = load(join(plugin, 'src/workspace/runtimes.js'));

const { artifact, runtime, cases } = JSON.parse(
  readFileSync(tableFile, 'utf8'),
);
const identified = findRuntime(runtime);
const runtimeClient = await provideRuntimeClient(
  root,
  identified.pythonVersion,
  clientModule,
);
const folder = unpackArtifact(root, artifact);
const results = {};
for (const { name, handler, event, timeout, memory } of cases) {
  const prepared = {
    configuration: {
      name: 'table',
      handler,
      runtime: identified,
      memoryMb: memory,
      timeoutSeconds: timeout,
      environment: {},
    },
    artifact: folder,
    layers: [],
    runtimeClient,
  };
  const started = performance.now();
  const { payload, error, logs } = await invokeFunction(prepared, { event });
  results[name] = {
    payload: payload.toString('utf8'),
    isError: error !== undefined,
    logs,
    ms: Math.round(performance.now() - started),
  };
}
// The emulator stands beside the packages of the SAM CLI.
const { executables } = await ensureInfrastructureTools(root, 'sam');
const packages = join(executables, '..', 'lib');
const [version] = readdirSync(packages);
const emulator = join(
  ...[packages, version, 'site-packages/samcli/local/rapid'],
  `aws-lambda-rie-${process.arch === 'arm64' ? 'arm64' : 'x86_64'}`,
);
process.stdout.write(
  JSON.stringify({ runtimeClient, taskRoot: folder.path, emulator, results }),
);
