// Invokes one service as the executor does, without Nx: node engine.mjs <folder of the plugin> <workspace> <project root> <event>
// Prints as JSON how many ms it took to load the plugin, and to invoke the function, and how many of those the function had.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [, , plugin, root, projectRoot, event] = process.argv;
const started = performance.now();
const require = createRequire(import.meta.url);
const load = (path) => require(join(plugin, 'src', `${path}.js`));
const { checkDigest, readPackedFunction } = load('runtime/artifact-manifest');
const { invokeFunction, prepareFunction } = load('runtime/invoke');
const { configureLocally } = load('runtime/local-configuration');
const { readService } = load('workspace/service');
const loaded = performance.now();

const { projectName } = readService(root, projectRoot);
const artifact = join(root, 'dist', projectRoot, `${projectName}.zip`);
const packed = readPackedFunction(artifact, '');
const { handler, runtime } = packed;
const configuration = configureLocally(
  root,
  { projectName, projectRoot, handler },
  {},
);
const prepared = await prepareFunction(root, artifact, {
  name: projectName,
  handler,
  runtime,
  ...configuration,
});
checkDigest(artifact, prepared.artifact.sha256, packed, '');
const readyAt = performance.now();
const { initDurationMs, durationMs, error } = await invokeFunction(prepared, {
  event: readFileSync(
    join(root, projectRoot, 'events', `${event}.json`),
    'utf8',
  ),
});
const ended = performance.now();
if (error !== undefined) throw new Error(JSON.stringify(error));
console.log(
  JSON.stringify({
    load: loaded - started,
    prepare: readyAt - loaded,
    init: initDurationMs,
    handler: durationMs,
    total: ended - loaded,
    python: prepared.runtimeClient.python,
    taskRoot: prepared.artifact.path,
    module: handler.split('.').slice(0, -1).join('.'),
    environment: configuration.environment,
  }),
);
