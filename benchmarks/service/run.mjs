// What the generated services cost at a cold start, beside services made by hand:
// node benchmarks/service/run.mjs <folder of a uv workspace with services> [--rounds 20] [--folder <kept folder>]
// [--interpreter python3.13]
//
// Both are packed by lambda-py for this machine, with the same locked versions of what they share, so that nothing but
// their own code and what it imports is compared. The CPU time is that of importing the handler from the unpacked zip,
// in a process of its own, in the environment that Lambda would give it.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findInterpreter, openFolder } from '../shared/preparation.mjs';
import { machine, markdownTable, median } from '../shared/statistics.mjs';
import { generatedServices } from './generated.mjs';
import { importHandler } from './import-handler.mjs';
import { packAll } from './pack-all.mjs';
import { workspaceByHand } from './by-hand.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20' },
    // Where everything is made and stays; a temporary folder when left out.
    folder: { type: 'string' },
    // The Python of both, and the runtime.
    interpreter: { type: 'string', default: 'python3' },
  },
});
const [handMade] = positionals;
if (handMade === undefined) {
  throw new Error(
    'which services are they compared with? node benchmarks/service/run.mjs <folder of a uv workspace>',
  );
}
const rounds = Number(options.rounds);
const { folder, close } = openFolder(options.folder);
const { interpreter, python } = findInterpreter(options.interpreter);
const started = machine();
try {
  const generated = generatedServices(join(folder, 'generated'), { python });
  process.env.LAMBDA_PY_UV ??= generated.uv;
  const byHand = await workspaceByHand(
    resolve(handMade),
    join(folder, 'by-hand'),
    {
      python,
      locked: join(generated.root, 'uv.lock'),
      uv: generated.uv,
      plugin: generated.plugin,
    },
  );
  const services = [
    ...packAll(byHand, generated.plugin),
    ...packAll(generated, generated.plugin),
  ].map((service) => ({ ...service, seconds: [] }));
  // The first import of each fills the machine's caches of files, and is not counted.
  for (const service of services) importHandler(service, interpreter);
  // Interleaved: what else the machine does meets all of them.
  for (let round = 0; round < rounds; round += 1) {
    console.error(`round ${round + 1} of ${rounds}`);
    for (const service of services) {
      service.seconds.push(importHandler(service, interpreter));
    }
  }
  console.log(report(services));
} finally {
  close();
}

function report(services) {
  return [
    `${new Date().toISOString().slice(0, 10)}: ${machine()} at the end (at the start: ${started.split(', ').at(-1)}). Python ${python}.`,
    `CPU time of importing the handler from its unpacked zip: median (least to most) of ${rounds} interleaved rounds, after one that is not counted.`,
    '',
    markdownTable([
      ['Service', 'Made', 'Import, CPU ms', 'Zip', 'Unzipped', 'Distributions'],
      ...services.map(({ name, made, seconds, manifest }) => [
        name,
        made,
        `${milliseconds(median(seconds))} (${milliseconds(Math.min(...seconds))} to ${milliseconds(Math.max(...seconds))})`,
        megabytes(manifest.zipBytes),
        megabytes(manifest.unzippedBytes),
        String(manifest.distributions.length),
      ]),
    ]),
  ].join('\n');
}

function milliseconds(seconds) {
  return (seconds * 1000).toFixed(0);
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
