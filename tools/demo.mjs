// The README's first command: the main job from a fresh clone to the second run from the cache, narrated.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeNewWorkspace } from './new-workspace.mjs';
import { npm, repositoryRoot } from './run.mjs';

const NX_VERSION = JSON.parse(
  readFileSync(join(repositoryRoot, 'package.json'), 'utf8'),
).devDependencies.nx;

const started = Date.now();
const workspace = mkdtempSync(join(tmpdir(), 'lambda-py-demo-'));
// No daemon stays behind, no colour codes reach a log, and nobody is asked.
const environment = {
  ...process.env,
  NX_DAEMON: 'false',
  NX_TUI: 'false',
  NO_COLOR: '1',
  FORCE_COLOR: '0',
};

if (!existsSync(join(repositoryRoot, 'node_modules', 'nx'))) {
  step('install what builds the plugin', npm.command, [...npm.prefix, 'ci'], {
    cwd: repositoryRoot,
  });
}
step('pack the plugin', npm.command, [...npm.prefix, 'run', 'package'], {
  cwd: repositoryRoot,
});
const tarball = readdirSync(join(repositoryRoot, 'dist')).find((file) =>
  /^lambda-py-.*\.tgz$/.test(file),
);
writeNewWorkspace(workspace, {
  nxVersion: NX_VERSION,
  tarball: join(repositoryRoot, 'dist', tarball),
});
git('init', '--quiet', '--initial-branch=main');
step('install Nx and the plugin', npm.command, [
  ...npm.prefix,
  'install',
  '--no-audit',
  '--no-fund',
]);
nx('make it a uv workspace', 'generate', 'lambda-py:init');
nx('generate orders, behind an API', 'generate', 'lambda-py:service', 'orders');
nx(
  'generate billing, invoked directly',
  'generate',
  'lambda-py:service',
  'billing',
  '--source=direct',
);
nx('generate a library', 'generate', 'lambda-py:library', 'contracts');
for (const service of ['orders', 'billing']) {
  step(`let ${service} depend on it`, join(workspace, '.venv', 'bin', 'uv'), [
    'add',
    '--quiet',
    '--package',
    service,
    'contracts',
  ]);
}
nx('make the locked requirements true', 'sync');
commit('the workspace');

const gates = ['-t', 'lint', 'typecheck', 'test', 'pack'];
nx('lint, typecheck, test and pack all', 'run-many', ...gates);
const good = nx('invoke orders: good', 'run', 'orders:invoke', '--event=good');
expect(/"statusCode": ?200/.test(good), 'the good event is answered 200', good);
const bad = nx('invoke orders: bad', 'run', 'orders:invoke', '--event=bad');
expect(/"statusCode": ?400/.test(bad), 'the bad event is answered 400', bad);

change('services/billing/src/billing/app.py');
runs('a line in billing changes', ['billing']);
commit('billing');
change('libs/contracts/src/contracts/chunks.py');
runs('a line in the library changes', ['billing', 'contracts', 'orders']);
commit('contracts');
const again = nx('run all again', 'run-many', ...gates);
expect(
  /existing outputs? match|read from cache|\(100%\)|Nx read the output from the cache/i.test(
    again,
  ),
  'every task comes from the cache',
  again,
);

const deployed = nx(
  'deploy billing to an emulator of AWS',
  'run',
  'billing:deploy:local',
);
const answer = await answerOf(deployed);
nx('stop the emulator', 'run', 'billing:deploy:local', '--stopEmulator');
expect(
  answer !== undefined && !answer.includes('errorMessage'),
  `the deployed function answers: ${answer}`,
  deployed,
);
console.log(
  `\nDone in ${seconds(started)}. The workspace is yours to try: ${workspace}`,
);

/** Runs a command, tells how long it took, and stops the demo with its output when it fails. */
function step(title, command, args, options = {}) {
  const begun = Date.now();
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: workspace,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  });
  const output = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`;
  if (status !== 0) {
    console.error(
      `✗ ${title}\n$ ${[command, ...args].join(' ')}\n${output}\nThe workspace: ${workspace}`,
    );
    process.exit(1);
  }
  console.log(`✓ ${title.padEnd(40)} ${seconds(begun).padStart(8)}`);
  return output;
}

function nx(title, ...args) {
  return step(title, process.execPath, [
    join(workspace, 'node_modules', 'nx', 'dist', 'bin', 'nx.js'),
    ...args,
  ]);
}

/** Shows which projects `nx affected` runs, and that they are the expected ones. */
function runs(title, expected) {
  const output = nx(
    `${title}: nx affected`,
    'affected',
    '--base=HEAD',
    ...gates,
  );
  const ran = [
    ...new Set(
      [...output.matchAll(/nx run ([\w-]+):/g)].map(([, project]) => project),
    ),
  ].sort();
  expect(
    ran.join(' ') === expected.join(' '),
    `it runs ${expected.join(', ')}, and nothing else`,
    output,
  );
}

/** Sends what `deploy` says to send, where it says. */
async function answerOf(output) {
  const [, url, event] = /curl '([^']+)' --data @(\S+)/.exec(output) ?? [];
  if (url === undefined || event === undefined) return undefined;
  const body = readFileSync(join(workspace, event));
  const response = await fetch(url, { method: 'POST', body });
  return response.ok ? (await response.text()).trim() : undefined;
}

function change(file) {
  appendFileSync(
    join(workspace, file),
    '\n\n# A comment changes the file, and nothing else.\n',
  );
}

function expect(holds, claim, output) {
  if (!holds) {
    console.error(
      `✗ not true: ${claim}\n${output}\nThe workspace: ${workspace}`,
    );
    process.exit(1);
  }
  console.log(`  ${claim}`);
}

function commit(message) {
  git('add', '--all');
  git(
    '-c',
    'user.name=demo',
    '-c',
    'user.email=demo@example.invalid',
    'commit',
    '--quiet',
    `--message=${message}`,
  );
}

function git(...args) {
  const { status, stderr } = spawnSync('git', args, {
    cwd: workspace,
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(`✗ git ${args.join(' ')}\n${stderr}`);
  process.exit(1);
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
