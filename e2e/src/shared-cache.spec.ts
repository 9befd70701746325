import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { NxProbe } from './support/nx-probe';
import type { Inspection } from './support/nx-probe';
import {
  ALL_PACKED,
  createScenarioWorkspace,
} from './support/scenario-workspace';
import type { Workspace } from './support/workspace';

describe('two clones at other paths, for other users, of other habits', () => {
  let workspace: Workspace;
  let machine: string;
  let clone: string;
  let elsewhere: NodeJS.ProcessEnv;

  /** Runs a command in the clone as the other user would: another umask, home, time zone and locale. */
  const inClone = (command: string, args: readonly string[]): string =>
    workspace.expect(
      'sh',
      ['-c', 'umask 077; cd "$0"; exec "$@"', clone, command, ...args],
      elsewhere,
    );

  const inspect = async (
    root: string,
    env?: NodeJS.ProcessEnv,
  ): Promise<Inspection> => {
    const probe = new NxProbe(root, env);
    const inspection = await probe.inspect();
    probe.close();
    return inspection;
  };

  beforeAll(() => {
    workspace = createScenarioWorkspace('acme corp');
    machine = realpathSync(mkdtempSync(join(tmpdir(), 'other-machine-')));
    clone = join(machine, 'src', 'ein anderer Ordner für Tests');
    const home = join(machine, 'home');
    mkdirSync(home);
    mkdirSync(join(clone, '..'), { recursive: true });
    elsewhere = {
      HOME: home,
      USER: 'somebody',
      LOGNAME: 'somebody',
      LC_ALL: 'C',
      LANG: 'C',
      TZ: 'Asia/Kolkata',
      // What a user has once and not for each home: interpreters, and the packages that were downloaded before.
      PYENV_ROOT: process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'),
      UV_CACHE_DIR:
        process.env['UV_CACHE_DIR'] ?? join(homedir(), '.cache', 'uv'),
    };
    workspace.expect('sh', [
      ...['-c', 'umask 077; exec "$@"', 'sh'],
      ...['git', 'clone', '--quiet', workspace.root, clone],
    ]);
    workspace.expect('cp', [
      ...['-R', join(workspace.root, 'node_modules'), clone],
    ]);
  });

  afterAll(() => {
    workspace.remove();
    chmodSync(machine, 0o755);
    rmSync(machine, { recursive: true, force: true });
  });

  it('have the same hash for every task', async () => {
    const here = await inspect(workspace.root);
    const there = await inspect(clone, elsewhere);

    expect(there.affected).toEqual([]);
    expect(there.hashes).toEqual(here.hashes);
  });

  describe('once they have packed and tested', () => {
    const run = ['run-many', '--output-style=static'];
    const pack = [...run, '--targets=pack'];
    const test = [...run, '--targets=test', '--projects=ping,seed-data'];

    beforeAll(() => {
      for (const args of [pack, test]) {
        workspace.nx(args);
        inClone(join(clone, 'node_modules', '.bin', 'nx'), args);
      }
    });

    it('have the same bytes in every artifact', () => {
      const here = contentOf(join(workspace.root, 'dist'));

      expect(Object.keys(here)).toHaveLength(3 * ALL_PACKED.length);
      expect(contentOf(join(clone, 'dist'))).toEqual(here);
    });

    it('have the same reports of tests and coverage', () => {
      const here = contentOf(join(workspace.root, 'coverage'));

      expect(Object.keys(here)).not.toEqual([]);
      expect(contentOf(join(clone, 'coverage'))).toEqual(here);
    });

    it('keep their machine out of every output', () => {
      const secrets = [
        workspace.root,
        `="${hostname()}"`,
        `"${homedir()}/`,
        dirname(workspace.root),
      ];
      const found = ['dist', 'coverage']
        .flatMap((folder) => filesOf(join(workspace.root, folder)))
        .flatMap((file) => {
          const content = readFileSync(file);
          return secrets
            .filter((secret) => content.includes(secret))
            .map((secret) => `${relative(workspace.root, file)}: ${secret}`);
        });

      expect(found).toEqual([]);
    });

    it('keep what git ignores out of the artifact', () => {
      const zip = 'dist/services/ping/ping.zip';
      const before = digestOf(join(workspace.root, zip));
      workspace.write('services/ping/src/ping/rows.ignored.json', '[]\n');
      workspace.nx(['run', 'ping:pack', '--skip-nx-cache']);

      expect(digestOf(join(workspace.root, zip))).toBe(before);
    });
  });
});

/** A digest of every file of a folder. */
function contentOf(folder: string): Record<string, string> {
  return Object.fromEntries(
    filesOf(folder).map((file) => [relative(folder, file), digestOf(file)]),
  );
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
}

function digestOf(file: string): string {
  const content = readFileSync(file);
  return createHash('sha256')
    .update(
      file.endsWith('junit.xml')
        ? // No two runs take the same time.
          content.toString().replaceAll(/ time="[\d.]+"/g, '')
        : content,
    )
    .digest('hex');
}
