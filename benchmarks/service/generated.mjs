import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { VERSIONS } from '../pack/install.mjs';
import { run } from '../shared/process.mjs';
import { writeNewWorkspace } from '../../tools/new-workspace.mjs';
import { npm, repositoryRoot } from '../../tools/run.mjs';

const SOURCES = [
  'api',
  'http',
  'sqs',
  'sns',
  's3',
  'eventbridge',
  'schedule',
  'dynamodb',
  'kinesis',
  'direct',
];
const OPTIONS = ['--tracing', '--httpClient'];

/**
 * Makes a workspace as a user does, with a service for each source without options, and one for each with all of them.
 *
 * @param {string} root where to: an absolute path; what is there is removed
 * @param {{ python: string; sources?: readonly string[] }} options the minor version that the services run on; fewer sources
 */
export function generatedServices(root, { python, sources = SOURCES }) {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  run(process.execPath, [join(repositoryRoot, 'tools/package.mjs')], {
    cwd: repositoryRoot,
  });
  const dist = join(repositoryRoot, 'dist');
  const tarball = readdirSync(dist).find((name) =>
    /^lambda-py-.*\.tgz$/.test(name),
  );
  writeNewWorkspace(root, {
    nxVersion: VERSIONS.nx,
    tarball: join(dist, tarball),
  });
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const inWorkspace = (command, args) => run(command, args, { cwd: root, env });
  inWorkspace(npm.command, [
    ...npm.prefix,
    ...['install', '--no-audit', '--no-fund', '--silent'],
  ]);
  const nx = (...args) =>
    inWorkspace(process.execPath, [
      join(root, 'node_modules/nx/dist/bin/nx.js'),
      ...args,
    ]);
  nx('generate', 'lambda-py:init');
  const names = sources.flatMap((source) =>
    [
      [source, []],
      [`${source}-full`, OPTIONS],
    ].map(([suffix, options]) => {
      const name = `made-${suffix}`;
      console.error(`generating ${name}`);
      nx(
        ...['generate', 'lambda-py:service', name, `--source=${source}`],
        ...[`--runtime=python${python}`, '--skipLock', ...options],
      );
      return { name, made: options.length > 0 ? OPTIONS.join(' ') : 'plain' };
    }),
  );
  const uv = join(root, '.venv/bin/uv');
  inWorkspace(uv, ['lock', '--quiet']);
  nx('sync');
  return {
    root,
    uv,
    plugin: join(root, 'node_modules/lambda-py'),
    services: names.map(({ name, made }) => ({
      name,
      made: `generated, ${made}`,
      projectRoot: `services/${name}`,
      environment: variablesOf(join(root, 'services', name, 'local.env')),
    })),
  };
}

function variablesOf(file) {
  return Object.fromEntries(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const [name, ...value] = line.split('=');
        return [name, value.join('=')];
      }),
  );
}
