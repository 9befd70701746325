// How long Nx's project graph takes: node benchmarks/graph/run.mjs [--members 10,100,1000,5000] [--rounds 5] [--quiet]
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { npm, repositoryRoot } from '../../tools/run.mjs';
import { measureRound, measureSync } from './measurements.mjs';
import { loadPlugin } from './plugin.mjs';
import { run } from './process.mjs';
import { waitForQuiet } from './quiet.mjs';
import { differencesOf, machine, median, tableOf } from './report.mjs';
import { makeVariants, writeNxJson } from './variants.mjs';
import { makeWorkspace, remove } from './workspace.mjs';

const NX_VERSION = '23.2.1';
const NXLV_VERSION = '23.1.1';
const { values: options } = parseArgs({
  options: {
    members: { type: 'string', default: '10,100,1000,5000' },
    rounds: { type: 'string', default: '5' },
    // A plugin that has been packed before; it is packed now when left out.
    tarball: { type: 'string' },
    // Waits, two minutes at most, for the machine to be idle before each variant of each round.
    quiet: { type: 'boolean', default: false },
  },
});
const counts = options.members.split(',').map(Number);
const rounds = Number(options.rounds);
const folder = realpathSync(
  mkdtempSync(join(tmpdir(), 'lambda-py-benchmark-')),
);
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    remove(folder);
    process.exit(1);
  });
}
try {
  const installation = install(resolve(options.tarball ?? pack()));
  const rows = [];
  const started = machine();
  for (const count of counts) {
    const measured = await measureSize(count, installation);
    rows.push(...measured);
    // A long run that is ended has not measured in vain.
    if (counts.length > 1) console.error(tableOf(measured));
  }
  report(rows, started);
} finally {
  remove(folder);
}

function pack() {
  run(process.execPath, [join(repositoryRoot, 'tools', 'package.mjs')], {
    cwd: repositoryRoot,
  });
  const dist = join(repositoryRoot, 'dist');
  const name = readdirSync(dist).find((file) =>
    /^lambda-py-.*\.tgz$/.test(file),
  );
  return join(dist, name);
}

/** Installs Nx, the plugin and its peer, once for all workspaces. */
function install(tarball) {
  console.error('installing');
  const installation = join(folder, 'installation');
  mkdirSync(installation);
  const manifest = {
    name: 'acme',
    version: '0.0.0',
    private: true,
    devDependencies: {
      '@nx/devkit': NX_VERSION,
      '@nxlv/python': NXLV_VERSION,
      'lambda-py': `file:${tarball}`,
      nx: NX_VERSION,
    },
  };
  writeFileSync(
    join(installation, 'package.json'),
    `${JSON.stringify(manifest, undefined, 2)}\n`,
  );
  run(
    npm.command,
    [...npm.prefix, 'install', '--no-audit', '--no-fund', '--silent'],
    { cwd: installation },
  );
  return installation;
}

async function measureSize(count, installation) {
  const plugin = loadPlugin(installation);
  const uv = await plugin.uv.findUv(installation);
  const packageFiles = Object.fromEntries(
    ['package.json', 'package-lock.json'].map((file) => [
      file,
      readFileSync(join(installation, file), 'utf8'),
    ]),
  );
  const roots = [undefined, 'six targets', 'same graph'].map((projectJson) => {
    console.error(
      `${count} members${projectJson ? `, project.json with ${projectJson}` : ''}: making the workspace`,
    );
    const root = join(
      folder,
      `${count}-${projectJson?.replace(' ', '-') ?? 'plain'}`,
    );
    const members = makeWorkspace(root, {
      count,
      projectJson,
      installation,
      uv,
      packageFiles,
      plugin,
    });
    return { projectJson, root, members };
  });
  const variants = makeVariants(installation).filter(
    ({ mostMembers = count }) => count <= mostMembers,
  );
  const rows = variants.map((variant, index) => ({
    count,
    variant: variant.name,
    configuration: variant,
    data: join(folder, `data-${count}-${index}`),
    ...roots.find(({ projectJson }) => projectJson === variant.projectJson),
    rounds: [],
  }));
  // Interleaved: what else the machine does meets all of them.
  for (let round = 0; round <= rounds; round += 1) {
    for (const row of rows) {
      const memory = round === rounds;
      console.error(
        `${count} members, ${memory ? 'memory' : `round ${round + 1}`}: ${row.variant}`,
      );
      if (options.quiet && !(await waitForQuiet())) {
        console.error('  the machine does not become idle');
      }
      const measured = await measureRound({
        root: row.root,
        variant: row.configuration,
        data: row.data,
        members: row.members,
        round,
        memory,
      });
      if (memory) row.memory = measured;
      else row.rounds.push(measured);
    }
  }
  const own = rows.at(-1);
  writeNxJson(own.root, own.configuration);
  own.sync = [];
  for (let round = 0; round <= rounds; round += 1) {
    own.sync.push(await measureSync(own.root, own.data));
  }
  // The first one fills what is kept.
  own.sync.shift();
  for (const { root } of roots) remove(root);
  for (const row of rows) remove(row.data);
  return rows;
}

function report(rows, started) {
  console.log(
    [
      `${new Date().toISOString().slice(0, 10)}: ${machine()} at the end (at the start: ${started.split(', ').at(-1)}).`,
      `Node.js ${process.version}, Nx ${NX_VERSION}, @nxlv/python ${NXLV_VERSION}. Wall time of \`nx show projects --json\`, ${rounds} interleaved rounds: median (least to most).`,
      'Memory: the most that all processes of the command had resident together, in a run of its own.',
      '',
      tableOf(rows),
      '',
      differencesOf(rows, 'lambda-py'),
      '',
      ...rows
        .filter(({ sync }) => sync !== undefined)
        .map(
          ({ count, sync }) =>
            `Sync generator, nothing changed, ${count.toLocaleString('en')} members: ${(median(sync) * 1000).toFixed(0)} ms (${(Math.min(...sync) * 1000).toFixed(0)} to ${(Math.max(...sync) * 1000).toFixed(0)}).`,
        ),
    ].join('\n'),
  );
}
