import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { run } from '../shared/process.mjs';

/** The service that is generated; the others are copies of it. */
const FIRST = 'service-1';
/** The library that all services depend on. */
const LIBRARY = 'contracts';

/** The names of the services. */
export function serviceNames(count) {
  return Array.from({ length: count }, (_, index) => `service-${index + 1}`);
}

/** The environment that Nx is run in: nothing stays behind, nobody is asked. */
export function nxEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:NX_|npm_|INIT_CWD$|CI$|FORCE_COLOR$)/.test(name),
  );
  return {
    ...Object.fromEntries(kept),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
    NO_COLOR: '1',
    ...extra,
  };
}

/**
 * Makes a workspace of generated services that share a library, each with its own names.
 *
 * @param {string} root a folder that does not exist
 * @param {number} count how many services
 * @param {{ nx: string; manifest: Record<string, unknown>; link: (root: string) => void }} installation
 */
export function makeWorkspace(root, count, { nx, manifest, link }) {
  mkdirSync(root, { recursive: true });
  const write = (file, text) => writeFileSync(join(root, file), text);
  write('package.json', `${JSON.stringify(manifest, undefined, 2)}\n`);
  write(
    'nx.json',
    `${JSON.stringify({ analytics: false, defaultBase: 'main', neverConnectToCloud: true })}\n`,
  );
  write(
    '.gitignore',
    'node_modules\n.nx\n.venv\ndist\ncoverage\n__pycache__\n',
  );
  link(root);
  const options = { cwd: root, env: nxEnvironment() };
  const runNx = (...args) => run(process.execPath, [nx, ...args], options);
  run('git', ['init', '--quiet', '--initial-branch=main'], options);
  runNx('generate', 'lambda-py:init');
  runNx('generate', 'lambda-py:service', FIRST, '--source=sqs');
  runNx('generate', 'lambda-py:library', LIBRARY);
  const uv = join(root, '.venv', 'bin', 'uv');
  run(uv, ['add', '--quiet', '--package', FIRST, LIBRARY], options);
  for (const name of serviceNames(count).slice(1)) copyService(root, name);
  run(uv, ['lock', '--quiet'], options);
  runNx('sync');
  // With bytecode: what is measured first would else compile it for all others.
  run(uv, ['sync', '--quiet', '--all-packages', '--compile-bytecode'], options);
  commit(root, 'services');
}

/** Commits everything: what Nx hashes is what git sees. */
export function commit(root, message) {
  const options = { cwd: root, env: nxEnvironment() };
  run('git', ['add', '--all'], options);
  run(
    'git',
    [
      ...['-c', 'user.name=benchmark', '-c', 'user.email=b@example.invalid'],
      ...['commit', '--quiet', '--allow-empty', `--message=${message}`],
    ],
    options,
  );
}

/** The file that a change of one service edits, and the one that a change of the library does. */
export function editedFiles(root) {
  return {
    service: join(root, 'services', FIRST, 'src/service_1/app.py'),
    library: join(root, 'libs', LIBRARY, 'src', LIBRARY, 'chunks.py'),
  };
}

function copyService(root, name) {
  const from = join(root, 'services', FIRST);
  const to = join(root, 'services', name);
  if (existsSync(to)) return;
  cpSync(from, to, {
    recursive: true,
    filter: (path) => !/__pycache__|\.pytest_cache/.test(path),
  });
  rename(to, [
    [FIRST, name],
    [FIRST.replace('-', '_'), name.replace('-', '_')],
    [
      FIRST.toUpperCase().replace('-', '_'),
      name.toUpperCase().replace('-', '_'),
    ],
  ]);
}

/** Replaces names in the paths and texts of a folder. `service-1` is never followed by a digit in the first service. */
function rename(folder, names) {
  const renamed = (text) =>
    names.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) {
      rename(path, names);
    } else {
      const text = readFileSync(path, 'utf8');
      if (renamed(text) !== text) writeFileSync(path, renamed(text));
    }
    if (renamed(entry) !== entry)
      renameSync(path, join(folder, renamed(entry)));
  }
}
