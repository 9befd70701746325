import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CACHE_FOLDER,
  makeCacheFolder,
} from '../../../packages/lambda-py/src/workspace/cache-folder';
import {
  findUv,
  UV_VERSION,
} from '../../../packages/lambda-py/src/workspace/uv';
import { writeNewWorkspace } from '../../../tools/new-workspace.mjs';
import { nxEnvironment } from './environment';

/** The Nx version that the workspaces have where a test names no other. */
export const NX_VERSION = '23.2.1';

/** Where the installation of this run is; the commands of the tests do not see what begins with `JEST_`. */
const VARIABLE = 'JEST_E2E_INSTALLATION';
/** npm's record of what it has installed, which it writes in place. */
const RECORD = '.package-lock.json';
/** Where the plugin installs uv, in a workspace, when the machine has none. */
const UV_FOLDER = `uv-${UV_VERSION}/bin`;

/**
 * Makes a new workspace with the packed plugin, as `npm install` leaves it, with the uv that the plugin installs where
 * the machine has none, and tells the specs of it.
 *
 * @param folder - where to: an absolute path, in a folder of its own
 */
export async function makeInstallation(folder: string): Promise<void> {
  writeNewWorkspace(folder, { nxVersion: NX_VERSION, tarball: tarball() });
  install(folder);
  await findUv(folder);
  writeFileSync(stateFileOf(folder), JSON.stringify(stateOf(folder)));
  process.env[VARIABLE] = folder;
}

/**
 * Removes what {@link makeInstallation} has made, and the folder that it is in.
 *
 * @throws Error where a spec has changed one of the packages in place, and so those of every other
 */
export function removeInstallation(): void {
  const made = process.env[VARIABLE];
  if (made === undefined) return;
  const before = readFileSync(stateFileOf(made), 'utf8');
  const known = new Set(JSON.parse(before) as readonly string[]);
  const changed = stateOf(made).filter((file) => !known.has(file));
  rmSync(dirname(made), { recursive: true, force: true });
  if (changed.length === 0) return;
  throw new Error(
    `specs changed packages that all of them share: ${changed.slice(0, 10).join(', ')}`,
  );
}

function stateFileOf(folder: string): string {
  return join(dirname(folder), 'state.json');
}

/** Each file with what an edit changes of it; the time of its status changes with each link as well. */
function stateOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap(
    (file) => {
      const status = lstatSync(join(folder, file));
      if (status.isDirectory()) return [];
      const { size, mtimeMs, mode, uid } = status;
      return [`${file} ${size} ${mtimeMs} ${mode.toString(8)} ${uid}`];
    },
  );
}

/**
 * Makes a new workspace with the packed plugin, as `npm install` leaves it: with the packages of the installation of
 * this run as hard links, and with its uv, where it has that version of Nx.
 *
 * @param root - where to: an absolute path
 * @param nxVersion - the version of Nx
 */
export function writeInstalledWorkspace(root: string, nxVersion: string): void {
  writeNewWorkspace(root, { nxVersion, tarball: tarball() });
  const made = process.env[VARIABLE];
  if (made === undefined || nxVersion !== NX_VERSION) {
    install(root);
    return;
  }
  copyFileSync(
    join(made, 'package-lock.json'),
    join(root, 'package-lock.json'),
  );
  linkFolder(join(made, 'node_modules'), join(root, 'node_modules'));
  const uv = join(made, CACHE_FOLDER, UV_FOLDER, 'uv');
  // No link: it is a file of the workspace's own, which a spec may give to another user.
  if (existsSync(uv))
    copyFileSync(uv, join(makeCacheFolder(root, UV_FOLDER), 'uv'));
}

function install(folder: string): void {
  const args = ['install', '--no-audit', '--no-fund', '--silent'];
  const { status, output, error } = spawnSync('npm', args, {
    cwd: folder,
    encoding: 'utf8',
    env: nxEnvironment(),
  });
  if (error !== undefined) throw error;
  if (status !== 0) {
    throw new Error(
      `npm ${args.join(' ')} ended with ${status}:\n${output.join('')}`,
    );
  }
}

function tarball(): string {
  const dist = join(__dirname, '../../../dist');
  const file = readdirSync(dist).find((name) =>
    /^lambda-py-.*\.tgz$/.test(name),
  );
  if (file === undefined) {
    throw new Error('dist holds no tarball: run "npm run package" first');
  }
  return join(dist, file);
}

function linkFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = join(from, entry.name);
    const copy = join(to, entry.name);
    if (entry.isDirectory()) linkFolder(source, copy);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), copy);
    else if (entry.name === RECORD) copyFileSync(source, copy);
    else linkSync(source, copy);
  }
}
