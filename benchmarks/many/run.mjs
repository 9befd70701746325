// How long many services take, beside @nxlv/python with a task for each project and tool:
// node benchmarks/many/run.mjs [--services 20,100,200] [--targets lint,typecheck,test,pack] [--only 'lambda-py;@nxlv/python']
// [--changes service,library] [--parallel 2] [--folder <kept folder>] [--interpreter python3.12]
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { install } from '../pack/install.mjs';
import { findInterpreter, openFolder } from '../shared/preparation.mjs';
import { measure } from '../shared/process.mjs';
import { machine } from '../shared/statistics.mjs';
import { report } from './report.mjs';
import { subjects, TARGETS } from './subjects.mjs';
import { editedFiles, nxEnvironment } from './workspace.mjs';

const RUSAGE = join(dirname(fileURLToPath(import.meta.url)), 'rusage.py');
/** How often memory is looked at: seldom enough to cost little beside runs of minutes. */
const SAMPLE_MS = 250;

const { values: options } = parseArgs({
  options: {
    services: { type: 'string', default: '20,100,200' },
    targets: { type: 'string', default: TARGETS.join(',') },
    // Only the subjects of these names, with a semicolon between them; all when left out.
    only: { type: 'string', default: '' },
    // What is changed after the run from nothing: one service, the library that all share.
    changes: { type: 'string', default: 'service,library' },
    parallel: { type: 'string', default: String(availableParallelism()) },
    // Where everything is installed and stays; a temporary folder when left out.
    folder: { type: 'string' },
    interpreter: { type: 'string', default: 'python3' },
  },
});
const changes = options.changes.split(',').filter((name) => name !== '');
const { folder, close } = openFolder(options.folder);
const { interpreter, python } = findInterpreter(options.interpreter);
// "uv run" of the peer, and whoever else starts uv, would take another Python, and make the environment anew for it.
process.env.UV_PYTHON = interpreter;
const started = machine();
try {
  const installed = install(join(folder, `tools-${python}`), interpreter);
  const only = options.only === '' ? undefined : options.only.split(';');
  const compared = subjects({ ...installed, python }).filter(
    ({ name }) => only?.includes(name) ?? true,
  );
  const rows = [];
  for (const count of options.services.split(',').map(Number)) {
    for (const subject of compared) {
      rows.push(...(await measureSubject(subject, count, installed)));
    }
  }
  console.log(report(rows, { started, python, parallel: options.parallel }));
} finally {
  close();
}

/** Each target from nothing, after a change of one service, and after a change of the library that all share. */
async function measureSubject(subject, count, { uv }) {
  const targets = options.targets
    .split(',')
    .filter((target) => subject.only?.includes(target) ?? true);
  if (targets.length === 0) return [];
  const root = join(folder, `${count}-${subject.name.replace(/\W+/g, '-')}`);
  rmSync(root, { recursive: true, force: true });
  console.error(`${count} services, ${subject.name}: making the workspace`);
  const rows = [];
  try {
    subject.prepare(root, count);
    const edited = editedFiles(root);
    const once = (target) => runTarget(subject, root, target, uv);
    for (const target of targets) {
      console.error(`${count} services, ${subject.name}: ${target}`);
      const row = { count, target, subject: subject.name };
      rows.push(row);
      try {
        subject.reset(root);
        row.cold = await once(target);
        for (const change of changes) {
          edit(edited[change], target);
          row[change] = await once(target);
        }
        // A long run that is ended has not measured in vain.
        console.error(JSON.stringify(row));
      } catch (error) {
        row.error = error;
        console.error(error.message);
      }
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return rows;
}

/** A comment at the top, where every formatter leaves it. */
function edit(file, target) {
  writeFileSync(file, `# changed for ${target}\n${readFileSync(file, 'utf8')}`);
}

async function runTarget({ nx, args }, root, target, uv) {
  const usage = join(folder, 'usage');
  const { seconds, megabytes } = await measure(
    'python3',
    [
      ...[RUSAGE, usage, process.execPath, nx],
      ...['run-many', `--target=${target}`, `--parallel=${options.parallel}`],
      ...['--output-style=static', ...args],
    ],
    {
      cwd: root,
      env: nxEnvironment({
        // As in CI: at a terminal, without the daemon, Nx reads the workspace a second time for the sync generators.
        CI: 'true',
        // Else clones of one repository share it, and "reset" would leave it.
        NX_CACHE_DIRECTORY: join(root, '.nx', 'cache'),
        PATH: [join(root, '.venv/bin'), dirname(uv), process.env.PATH].join(
          delimiter,
        ),
        VIRTUAL_ENV: join(root, '.venv'),
      }),
      memory: true,
      sampleMs: SAMPLE_MS,
    },
  );
  return { seconds, megabytes, cpu: Number(readFileSync(usage, 'utf8')) };
}
