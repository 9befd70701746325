// What invoke adds to the interpreter's own start and to the function's initialisation:
// node benchmarks/invoke/run.mjs [--rounds 30] [--folder <kept folder>] [--interpreter python3.13]
//
// A generated service is packed and invoked by the plugin without Nx, interleaved with the same interpreter that imports
// the same handler from the same folder, and does nothing else.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findInterpreter, openFolder } from '../shared/preparation.mjs';
import { measure, run } from '../shared/process.mjs';
import { machine, markdownTable, median } from '../shared/statistics.mjs';
import { generatedServices } from '../service/generated.mjs';
import { packAll } from '../service/pack-all.mjs';

const ENGINE = fileURLToPath(new URL('engine.mjs', import.meta.url));

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '30' },
    // Where everything is made and stays; a temporary folder when left out.
    folder: { type: 'string' },
    // The Python of the service, and its runtime.
    interpreter: { type: 'string', default: 'python3' },
  },
});
const rounds = Number(options.rounds);
const { folder, close } = openFolder(options.folder);
const { python } = findInterpreter(options.interpreter);
const started = machine();
try {
  const workspace = generatedServices(join(folder, 'workspace'), {
    python,
    sources: ['direct'],
  });
  process.env.LAMBDA_PY_UV ??= workspace.uv;
  packAll(workspace, workspace.plugin);
  const services = workspace.services.map((service) => ({
    ...service,
    figures: [],
  }));
  // The first of each unpacks the zip and installs awslambdaric, and is not counted.
  for (const service of services) invoke(workspace, service);
  for (let round = 0; round < rounds; round += 1) {
    console.error(`round ${round + 1} of ${rounds}`);
    // Interleaved: what else the machine does meets both.
    for (const service of services) {
      const engine = invoke(workspace, service);
      const bare = await importBare(engine);
      service.figures.push({ ...engine, bare });
    }
  }
  console.log(report(services));
} finally {
  close();
}

function invoke({ root, plugin }, { projectRoot }) {
  const output = run(
    process.execPath,
    [ENGINE, plugin, root, projectRoot, 'good'],
    { cwd: root },
  );
  return JSON.parse(output.trim().split('\n').at(-1));
}

/** The ms of a process that imports the handler and ends. */
async function importBare({
  python: executable,
  taskRoot,
  module,
  environment,
}) {
  const { seconds } = await measure(
    executable,
    ['-B', '-c', `import ${module}`],
    {
      cwd: taskRoot,
      env: {
        PATH: process.env.PATH,
        LANG: 'en_US.UTF-8',
        TZ: ':UTC',
        HOME: taskRoot,
        PYTHONPATH: taskRoot,
        AWS_REGION: 'us-east-1',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'none',
        AWS_SECRET_ACCESS_KEY: 'none',
        AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9',
        AWS_LAMBDA_FUNCTION_NAME: 'benchmark',
        AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
        LAMBDA_TASK_ROOT: taskRoot,
        ...environment,
      },
    },
  );
  return seconds * 1000;
}

function report(services) {
  const columns = [
    ['Interpreter and import alone', ({ bare }) => bare],
    ['invoke, less the handler', ({ total, handler }) => total - handler],
    ['invoke adds', ({ total, handler, bare }) => total - handler - bare],
    ['of it before the start', ({ prepare }) => prepare],
    ['Init Duration', ({ init }) => init],
    ['Handler', ({ handler }) => handler],
    ['Loading the plugin', ({ load }) => load],
  ];
  return [
    `${new Date().toISOString().slice(0, 10)}: ${machine()} at the end (at the start: ${started.split(', ').at(-1)}). Python ${python}, Node.js ${process.version}.`,
    `Wall time in ms: median (least to most) of ${rounds} interleaved rounds, after one that is not counted. Loading the plugin's modules, once a process, is not in what invoke adds.`,
    '',
    markdownTable([
      ['Service', 'Made', ...columns.map(([title]) => title)],
      ...services.map(({ name, made, figures }) => [
        name,
        made,
        ...columns.map(([, figure]) => summary(figures.map(figure))),
      ]),
    ]),
  ].join('\n');
}

function summary(figures) {
  const [middle, least, most] = [
    median(figures),
    Math.min(...figures),
    Math.max(...figures),
  ].map((figure) => figure.toFixed(0));
  return `${middle} (${least} to ${most})`;
}
