// How long packing takes, and what comes out, beside other packers:
// node benchmarks/pack/run.mjs [--workloads S,L,M] [--rounds 5] [--only sam] [--folder <kept folder>] [--cold] [--quick]
// [--interpreter python3.13]
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findInterpreter, openFolder } from '../shared/preparation.mjs';
import { measure } from '../shared/process.mjs';
import { machine } from '../shared/statistics.mjs';
import { install } from './install.mjs';
import { report } from './report.mjs';
import { lambdaPy } from './subject-lambda-py.mjs';
import { nxRun } from './subject-nx-run.mjs';
import { nxlv } from './subject-nxlv.mjs';
import { recipes } from './subject-recipes.mjs';
import { sam } from './subject-sam.mjs';
import { serverless } from './subject-serverless.mjs';
import {
  copyWorkspace,
  handlerOf,
  serviceNames,
  WORKLOADS,
  writeWorkspace,
} from './workloads.mjs';

const { values: options } = parseArgs({
  options: {
    workloads: { type: 'string', default: 'S,L,M' },
    rounds: { type: 'string', default: '5' },
    // Only the subjects whose name has one of these texts, which ";" separates; lambda-py's engine is always among them.
    only: { type: 'string', default: '' },
    // Where everything is installed and stays; a temporary folder when left out.
    folder: { type: 'string' },
    // The Python of all packers, and the runtime. L needs 3.12 or later: numpy has no wheels for older runtimes' C library.
    interpreter: { type: 'string', default: 'python3' },
    // Also measures one pack each with empty caches of pip and uv: it downloads everything, again and again.
    cold: { type: 'boolean', default: false },
    // Two rounds of S, to see that every subject works.
    quick: { type: 'boolean', default: false },
  },
});
const workloadNames = options.quick ? ['S'] : options.workloads.split(',');
const rounds = options.quick ? 2 : Number(options.rounds);
const { folder, close } = openFolder(options.folder);
const { interpreter, python } = findInterpreter(options.interpreter);
// Every uv, whoever starts it, would else look for a Python of its own, and download one.
process.env.UV_PYTHON = interpreter;
process.env.UV_PYTHON_DOWNLOADS = 'never';
// Of every Nx whose subject says nothing else.
process.env.NX_DAEMON = 'false';
process.env.NX_TUI = 'false';
const started = machine();
try {
  const installed = install(join(folder, `tools-${python}`), interpreter);
  // Where it is set, every start of Node.js reads the system's certificates, 40 ms, which no packer needs.
  delete process.env.NODE_EXTRA_CA_CERTS;
  const context = { ...installed, interpreter, python };
  const subjects = [
    ...lambdaPy(context),
    ...nxRun(context),
    ...sam(context),
    ...recipes(context),
    ...nxlv(context),
    ...serverless(context),
  ].filter(
    ({ name }) =>
      name === 'lambda-py, engine' ||
      options.only.split(';').some((text) => name.includes(text)),
  );
  const results = [];
  for (const workloadName of workloadNames) {
    results.push(await measureWorkload(workloadName, subjects, context));
  }
  console.log(
    report(results, { started, python, rounds, missing: installed.missing }),
  );
} finally {
  close();
}

async function measureWorkload(workloadName, subjects, context) {
  const workload = WORKLOADS[workloadName];
  const original = join(folder, workloadName, 'original');
  rmSync(join(folder, workloadName), { recursive: true, force: true });
  mkdirSync(original, { recursive: true });
  writeWorkspace(original, workload, context);
  const rows = [];
  const fitting = subjects.filter(({ fits }) => fits?.(workload) ?? true);
  for (const [index, subject] of fitting.entries()) {
    const row = {
      subject,
      root: join(folder, workloadName, `subject-${index}`),
      ...emptyFigures(),
      // The same runs, and what is done with their output.
      ...(subject.afterwards === undefined ? {} : { then: emptyFigures() }),
      digests: new Set(),
    };
    rows.push(row);
    await attempt(row, workloadName, async () => {
      copyWorkspace(original, row.root);
      await subject.prepare(row.root, workload, workloadName);
      // What the caches of pip and uv lack is downloaded here, and not while it is measured.
      subject.reset(row.root, workload);
      await runOnce(row, workload);
    });
  }
  // Interleaved: what else the machine does meets all of them.
  for (let round = 0; round < rounds; round += 1) {
    for (const row of rows) {
      if (row.error !== undefined) continue;
      console.error(`${workloadName}, round ${round + 1}: ${row.subject.name}`);
      await attempt(row, workloadName, () =>
        measureRound(row, workload, round),
      );
    }
  }
  for (const row of rows) {
    if (row.error !== undefined) continue;
    await attempt(row, workloadName, async () => {
      row.subject.reset(row.root, workload);
      await measureMemory(row, workload, 'firstMegabytes');
      edit(row.root, workload, 'memory');
      await measureMemory(row, workload, 'megabytes');
      if (options.cold) row.cold = await measureCold(row, workload);
    });
  }
  for (const { root, subject } of rows) {
    subject.finish?.(root);
    rmSync(root, { recursive: true, force: true });
  }
  return { workloadName, workload, rows };
}

/** Everything from nothing, then again with nothing changed, then with one line changed. */
async function measureRound(row, workload, round) {
  const { subject, root } = row;
  edit(root, workload);
  subject.reset(root, workload);
  await measureState(row, workload, 'first');
  const zips = subject.zips(root, workload);
  if (zips.length > 0) {
    row.digests.add(digestOf(zips));
    row.bytes = zips.reduce((sum, zip) => sum + statSync(zip).size, 0);
  }
  await measureState(row, workload, 'same');
  edit(root, workload, round);
  await measureState(row, workload, 'change');
}

async function measureState(row, workload, state) {
  const { seconds } = await runOnce(row, workload);
  row[state].push(seconds);
  if (row.then === undefined) return;
  const afterwards = await runAfterwards(row, workload);
  row.then[state].push(seconds + afterwards.seconds);
}

async function measureMemory(row, workload, key) {
  const memory = true;
  const { megabytes } = await runOnce(row, workload, { memory });
  row[key] = megabytes;
  if (row.then === undefined) return;
  const afterwards = await runAfterwards(row, workload, { memory });
  row.then[key] = Math.max(megabytes, afterwards.megabytes);
}

async function measureCold(row, workload) {
  const caches = join(folder, 'cold-caches');
  rmSync(caches, { recursive: true, force: true });
  edit(row.root, workload);
  row.subject.reset(row.root, workload);
  const { seconds } = await runOnce(row, workload, {
    environment: {
      PIP_CACHE_DIR: join(caches, 'pip'),
      UV_CACHE_DIR: join(caches, 'uv'),
    },
  });
  rmSync(caches, { recursive: true, force: true });
  return seconds;
}

function runOnce({ subject, root }, workload, options) {
  return runCommands(root, subject.commands(root, workload), options);
}

function runAfterwards({ subject, root }, workload, options) {
  return runCommands(
    root,
    subject.afterwards.commands(root, workload),
    options,
  );
}

async function runCommands(
  root,
  commands,
  { memory = false, environment = {} } = {},
) {
  let seconds = 0;
  let megabytes = 0;
  for (const { command, args, cwd, env } of commands) {
    const measured = await measure(command, args, {
      cwd: cwd ?? root,
      env: { ...(env ?? process.env), ...environment },
      memory,
    });
    seconds += measured.seconds;
    megabytes = Math.max(megabytes, measured.megabytes);
  }
  return { seconds, megabytes };
}

function emptyFigures() {
  return { first: [], same: [], change: [] };
}

/** Every service's handler, as it was at first or with one line more. */
function edit(root, workload, mark) {
  for (const service of serviceNames(workload)) {
    const { file, text } = handlerOf(root, service);
    writeFileSync(file, text);
    if (mark !== undefined) appendFileSync(file, `# changed: ${mark}\n`);
  }
}

function digestOf(zips) {
  const digest = createHash('sha256');
  for (const zip of zips) {
    if (!existsSync(zip)) throw new Error(`${zip} was not written`);
    digest.update(readFileSync(zip));
  }
  return digest.digest('hex');
}

/** A subject that does not work is told of, and does not end the run of the others. */
async function attempt(row, workloadName, work) {
  try {
    await work();
  } catch (error) {
    row.error = error;
    console.error(`${workloadName}: ${row.subject.name}: ${error.message}`);
  }
}
