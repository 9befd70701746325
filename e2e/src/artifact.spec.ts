import { unzipSync } from 'fflate';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium, domOf } from './support/browser';
import {
  digestsOf,
  forgetPacks,
  killWhilePacking,
  packOrders,
} from './support/engine';
import { nxEnvironment } from './support/environment';
import {
  AS_OTHER_USER,
  canPackAsOtherUser,
  giveToOtherUser,
} from './support/other-user';
import { Workspace } from './support/workspace';

const NODE_22 = '22.23.3';
const HOST = process.arch === 'arm64' ? 'arm64' : 'x86_64';
// ELF's e_machine: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
const MACHINES = { x86_64: 62, arm64: 183 } as const;
// The latest with wheels for the C library of Lambda's oldest runtimes (glibc 2.26).
const NUMBERS = ['numpy>=2,<2.3', 'pandas>=2.2,<2.3'];
const ARROW = 'pyarrow>=17,<18';
const ORDERS = 'services/orders/pyproject.toml';

describe('artifacts', () => {
  let workspace: Workspace;
  let elsewhere: string;

  const zipOf = (project: string): Record<string, Uint8Array> =>
    unzipSync(readFileSync(join(workspace.root, 'dist', `${project}.zip`)));
  const tableOf = (text: string): string =>
    text.slice(text.indexOf('[tool.lambda-py]')).split('\n\n')[0] ?? '';

  beforeAll(() => {
    workspace = Workspace.create('artifact space', { isIsolated: false });
    elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'lambda-py-other-')));
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.nx([
      ...['generate', 'lambda-py:service', 'orders', '--source=direct'],
      `--architecture=${HOST}`,
    ]);
    workspace.commit('service');
  });

  afterEach(() => {
    workspace.restore();
  });

  afterAll(() => {
    workspace.remove();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  describe('have the same bytes', () => {
    let expected: readonly string[];

    beforeAll(() => {
      workspace.nx(['run', 'orders:pack']);
      expected = digestsOf(workspace.root);
    });

    it('from Nx and from the engine alone, with a warm and with a cold cache', () => {
      expect(packOrders({ root: workspace.root })).toEqual(expected);
      forgetPacks(workspace.root);
      expect(packOrders({ root: workspace.root })).toEqual(expected);
    });

    it('from another path, umask, time zone, locale and hash seed', () => {
      const root = join(elsewhere, 'deep er/acme');
      cpSync(workspace.root, root, {
        recursive: true,
        verbatimSymlinks: true,
        filter: (path) => path !== join(workspace.root, 'dist'),
      });
      for (const umask of [0o077, 0o002]) {
        forgetPacks(root);
        const env = {
          TZ: umask === 0o077 ? 'Asia/Tokyo' : 'America/New_York',
          LC_ALL: 'C',
          PYTHONHASHSEED: String(umask),
          HOME: elsewhere,
        };
        expect(packOrders({ root, umask, env })).toEqual(expected);
      }
    });

    // Skipped, and shown as such, where this user may not become another one.
    (canPackAsOtherUser() ? it : it.skip).each([
      ['who owns the checkout', ['.']],
      ['who may only read it', ['dist', '.nx']],
    ] as const)('from another user, %s', (_, owned) => {
      // Without bytecode: its interpreter may be in a home that is closed to others.
      const { root } = workspace;
      const table = tableOf(workspace.read(ORDERS));
      workspace.replace(ORDERS, table, `${table}\nbytecode = false`);
      // Not packed, if the other user's git says so as well.
      const ignored = 'services/orders/src/orders/scratch.py';
      workspace.write(ignored, 'SCRATCH = 1\n');
      workspace.write('services/orders/.gitignore', 'scratch.py\n');
      const own = packOrders({ root });
      expect(zipOf('services/orders/orders')).not.toHaveProperty([
        'orders/scratch.py',
      ]);
      chmodSync(elsewhere, 0o755);
      const parent = mkdtempSync(join(elsewhere, 'user-'));
      chmodSync(parent, 0o755);
      const copy = join(parent, 'acme');
      cpSync(root, copy, { recursive: true, verbatimSymlinks: true });
      // An ignored file outlives "git clean".
      rmSync(join(root, ignored));
      forgetPacks(copy);
      rmSync(join(copy, 'dist'), { recursive: true });
      const home = join(parent, 'home');
      for (const folder of [home, join(copy, 'dist')]) mkdirSync(folder);
      giveToOtherUser(copy, ...owned);
      giveToOtherUser(home, '.');
      const env = {
        HOME: home,
        USER: 'nobody',
        TMPDIR: home,
        UV_CACHE_DIR: join(home, 'uv'),
      };
      const wrapper = AS_OTHER_USER;
      expect(packOrders({ root: copy, wrapper, env })).toEqual(own);
    });

    it('from other times of the sources', () => {
      const { root } = workspace;
      for (const file of workspace
        .expect('git', ['ls-files', '-z'])
        .split('\0')
        .filter(Boolean)) {
        utimesSync(join(root, file), 1_000_000_000, 1_000_000_000);
      }
      forgetPacks(root);
      expect(packOrders({ root })).toEqual(expected);
    });

    it('from one processor, where all is done in one thread', () => {
      const wrapper = ['taskset', '--cpu-list', '0'];
      if (spawnSync('taskset', ['--version']).status !== 0) {
        // Not Linux: the unit tests compare the numbers of threads.
        return;
      }
      forgetPacks(workspace.root);
      expect(packOrders({ root: workspace.root, wrapper })).toEqual(expected);
    });

    it('from Node 22', () => {
      const folder = join(elsewhere, 'node');
      mkdirSync(folder);
      writeFileSync(join(folder, 'package.json'), '{ "private": true }');
      const { status, stderr } = spawnSync(
        'npm',
        ['install', '--no-audit', '--no-fund', `node@${NODE_22}`],
        { cwd: folder, encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(stderr);
      const node = join(folder, 'node_modules/.bin/node');
      const version = spawnSync(node, ['--version'], { encoding: 'utf8' });
      expect(version.stdout.trim()).toBe(`v${NODE_22}`);
      forgetPacks(workspace.root);
      expect(packOrders({ root: workspace.root, node })).toEqual(expected);
    });

    it('after a run that was killed, whenever that was', async () => {
      const { root } = workspace;
      const cold = performance.now();
      forgetPacks(root);
      packOrders({ root });
      const wholeMs = performance.now() - cold;
      const ends = [];
      for (const part of [0.2, 0.4, 0.6, 0.75, 0.9]) {
        forgetPacks(root);
        rmSync(join(root, 'dist'), { recursive: true });
        ends.push(await killWhilePacking({ root }, part * wholeMs));
        expect(packOrders({ root })).toEqual(expected);
        expect(readdirSync(join(root, 'dist/services/orders')).sort()).toEqual([
          'orders.manifest.json',
          'orders.sbom.json',
          'orders.zip',
        ]);
      }
      expect(ends).toContain('killed');
      // By now nothing that a killed run had started writes there any more.
      packOrders({ root });
      expect(readdirSync(join(root, '.nx/lambda-py/work'))).toEqual([]);
    });

    it.each([
      ['the archive', ['archives']],
      ['the archive and all segments', ['archives', 'segments']],
    ])('after %s was damaged', (_, caches) => {
      for (const cache of caches) {
        const folder = join(workspace.root, '.nx/lambda-py', cache);
        for (const name of readdirSync(folder)) {
          const path = join(folder, name);
          const content = readFileSync(path);
          const middle = Math.floor(content.length / 2);
          content.writeUInt8(content.readUInt8(middle) ^ 1, middle);
          writeFileSync(path, content);
        }
      }
      expect(packOrders({ root: workspace.root })).toEqual(expected);
    });
  });

  describe.each(['python3.11', 'python3.12', 'python3.13', 'python3.14'])(
    'for %s',
    (runtime) => {
      it.each(['x86_64', 'arm64'] as const)('on %s', (architecture) => {
        const table = tableOf(workspace.read(ORDERS));
        const changed = table
          .replace(/^runtime = .*$/m, `runtime = "${runtime}"`)
          .replace(/^architecture = .*$/m, `architecture = "${architecture}"`);
        workspace.replace(ORDERS, table, changed);
        let packed = workspace.tryNx(['run', 'orders:pack']);
        const version = runtime.slice('python'.length);
        const isHere = !packed.output.includes(
          `no Python ${version} was found`,
        );
        if (!isHere) {
          expect(packed.exitCode).toBe(1);
          expect(packed.output).toContain(`"uv python install ${version}"`);
          workspace.replace(ORDERS, changed, `${changed}\nbytecode = false`);
          packed = workspace.tryNx(['run', 'orders:pack']);
        }
        expect(packed).toMatchObject({ exitCode: 0 });
        const files = Object.entries(zipOf('services/orders/orders'));
        const libraries = files.filter(([path]) => path.endsWith('.so'));
        expect(libraries.length).toBeGreaterThan(0);
        for (const [, content] of libraries) {
          expect(Buffer.from(content).readUInt16LE(18)).toBe(
            MACHINES[architecture],
          );
        }
        if (architecture === HOST && isHere) {
          const invoked = workspace.nx([
            'run',
            'orders:invoke',
            '--event=good',
          ]);
          expect(invoked).toContain('REPORT RequestId');
        }
      });
    },
  );

  it('refuses a shared library for another processor, and keeps the earlier zip', () => {
    workspace.nx(['run', 'orders:pack']);
    const before = digestsOf(workspace.root);
    const other = HOST === 'arm64' ? 'x86_64' : 'arm64';
    const library = Buffer.alloc(64);
    library.write('\x7fELF\x02\x01\x01', 'latin1');
    library.writeUInt16LE(MACHINES[other], 18);
    writeFileSync(
      join(workspace.root, 'services/orders/src/orders/native.so'),
      library,
    );
    const { exitCode, output } = workspace.tryNx(['run', 'orders:pack']);
    expect(exitCode).toBe(1);
    expect(output).toContain(
      `orders 0.1.0 has shared libraries that do not run on ${HOST}`,
    );
    expect(output).toContain(`orders/native.so (${other})`);
    expect(digestsOf(workspace.root)).toEqual(before);
  });

  it('with the data of too few services fail in invoke, which says what to add', () => {
    const table = tableOf(workspace.read(ORDERS));
    const lean = `${table}\nbotocore-services = ["s3"]`;
    workspace.replace(ORDERS, table, lean);
    workspace.write(
      'services/orders/src/orders/handler.py',
      [
        '"""Makes clients."""',
        '',
        'import boto3',
        '',
        '',
        'def handler(event: dict[str, str], context: object) -> str:',
        '    """Make a client of the service that the event names."""',
        '    client = boto3.client(event["service"], region_name="eu-central-1")',
        '    return client.meta.service_model.service_name',
        '',
      ].join('\n'),
    );
    const invoke = (service: string): ReturnType<Workspace['tryNx']> =>
      workspace.tryNx([
        ...['run', 'orders:invoke'],
        `--payload={"service": "${service}"}`,
      ]);
    expect(invoke('s3')).toMatchObject({ exitCode: 0 });
    const { exitCode, output } = invoke('sqs');
    expect(exitCode).toBe(1);
    expect(output).toContain(
      `${ORDERS}: [tool.lambda-py] botocore-services leaves out what botocore knows of "sqs"`,
    );
    const mend = 'botocore-services = ["s3", "sqs"]';
    expect(output).toContain(mend);
    workspace.replace(ORDERS, lean, `${table}\n${mend}`);
    expect(invoke('sqs')).toMatchObject({ exitCode: 0 });
    // What credentials come from is there always.
    expect(invoke('sts')).toMatchObject({ exitCode: 0 });
  });

  it('are there anew a moment after a line was changed, while "nx watch" runs', async () => {
    const env = { ...nxEnvironment(false), NX_DAEMON: 'true' };
    const watching = spawn(
      join(workspace.root, 'node_modules/.bin/nx'),
      [
        ...['watch', '-d', '--projects=orders'],
        ...['--', 'npx', 'nx', 'run', 'orders:pack'],
      ],
      { cwd: workspace.root, env, stdio: 'ignore', detached: true },
    );
    const ended = once(watching, 'exit');
    try {
      const handler = 'services/orders/src/orders/handler.py';
      const source = workspace.read(handler);
      const isPacked = (text: string): boolean =>
        existsSync(join(workspace.root, 'dist/services/orders/orders.zip')) &&
        Buffer.from(
          zipOf('services/orders/orders')['orders/handler.py'] ?? [],
        ).includes(text);
      // Whether it watches yet is not told: until it does, an edit is missed.
      for (let edit = 1; edit <= 20; edit += 1) {
        workspace.write(handler, `${source}# edit ${edit}\n`);
        await delay(5000);
        if (isPacked(`# edit ${edit}\n`)) return;
      }
      throw new Error('no edit was packed');
    } finally {
      if (watching.exitCode === null && watching.pid !== undefined) {
        process.kill(-watching.pid, 'SIGTERM');
      }
      await ended;
      workspace.nx(['daemon', '--stop'], { NX_DAEMON: 'true' });
    }
  });

  (chromium() === undefined ? it.skip : it)(
    'are drawn in a browser, by distribution, without anything from elsewhere',
    () => {
      workspace.nx(['run', 'orders:pack', '--report']);
      const dom = domOf(
        join(workspace.root, 'dist/services/orders/orders.report.html'),
      );
      for (const text of ['orders.zip', 'botocore ', 'lambda-kit 0.1.0']) {
        expect(dom).toContain(text);
      }
      expect(dom.match(/<rect/g)?.length).toBeGreaterThan(50);
    },
  );

  describe('of a service with a layer', () => {
    beforeAll(() => {
      workspace.nx([
        ...['generate', 'lambda-py:layer', 'numbers-layer'],
        `--dependencies=${NUMBERS.join(',')}`,
        `--architecture=${HOST}`,
      ]);
      workspace.uv([...['add', '--quiet', '--package', 'orders'], ...NUMBERS]);
      const table = tableOf(workspace.read(ORDERS));
      workspace.replace(ORDERS, table, `${table}\nlayers = ["numbers-layer"]`);
      workspace.write(
        'services/orders/src/orders/handler.py',
        [
          '"""Numbers."""',
          '',
          'import pandas as pd',
          '',
          '',
          'def handler(event: object, context: object) -> dict[str, object]:',
          '    """Sum numbers, and tell where they are summed."""',
          '    return {"sum": int(pd.Series([40, 2]).sum()), "file": pd.__file__}',
          '',
        ].join('\n'),
      );
      workspace.nx(['sync']);
      workspace.commit('layer');
    });

    it('leave out what the layer holds, and run beside it', () => {
      const output = workspace.nx(['run', 'orders:invoke', '--payload={}']);
      expect(output).toMatch(/"sum": ?42/);
      expect(output).toMatch(/\/python\/pandas\/__init__\.py/);
      const service = Object.keys(zipOf('services/orders/orders'));
      const layer = Object.keys(zipOf('layers/numbers-layer/numbers-layer'));
      expect(layer).toContain('python/numpy/__init__.py');
      expect(layer).toContain('python/pandas/__init__.py');
      expect(
        service.filter((path) => /^(?:numpy|pandas|pytz)/.test(path)),
      ).toEqual([]);
      expect(service).toContain('orders/handler.py');
      expect(
        JSON.parse(workspace.read('dist/services/orders/orders.manifest.json')),
      ).toMatchObject({ layers: [{ name: 'numbers-layer' }] });
    });

    it('hold pyarrow too where what no program reads is left out, and are too large where it is not', () => {
      const layer = 'layers/numbers-layer/pyproject.toml';
      for (const project of ['numbers-layer', 'orders']) {
        workspace.uv(['add', '--quiet', '--package', project, ARROW]);
      }
      const handler = 'services/orders/src/orders/handler.py';
      const before = workspace.read(handler);
      workspace.write(
        handler,
        before
          .replace('import pandas as pd', 'import pandas as pd\nimport pyarrow')
          .replace(
            'pd.Series([40, 2]).sum()',
            'pyarrow.Table.from_pandas(pd.DataFrame({"a": [40, 2]}))["a"].to_pandas().sum()',
          ),
      );
      workspace.nx(['sync']);
      const large = workspace.tryNx(['run', 'numbers-layer:pack']);
      expect(large.exitCode).toBe(1);
      expect(large.output).toContain('at most 250.0 MB unzipped');
      expect(large.output).toMatch(/MB {2}pyarrow 17/);
      expect(large.output).toContain('strip = ["tests"] would save');
      expect(workspace.tryNx(['run', 'orders:pack']).output).toContain(
        'of them in the layer numbers-layer',
      );
      const table = tableOf(workspace.read(layer));
      const lean = `${table}\nstrip = ["tests", "stubs", "docs", "headers"]`;
      workspace.replace(layer, table, lean);
      const invoked = workspace.nx(['run', 'orders:invoke', '--payload={}']);
      expect(invoked).toMatch(/"sum": ?42/);
      const held = Object.keys(zipOf('layers/numbers-layer/numbers-layer'));
      expect(held).toContain('python/pyarrow/__init__.py');
      expect(held.filter((path) => path.endsWith('.h'))).toEqual([]);
      workspace.replace(layer, lean, table);
      workspace.write(handler, before);
      for (const project of ['numbers-layer', 'orders']) {
        workspace.uv([
          // It would sync the environment to this package alone.
          ...['remove', '--quiet', '--no-sync'],
          ...['--package', project, 'pyarrow'],
        ]);
      }
      workspace.nx(['sync']);
    });

    it('follow the layer: its closure packs the service anew', () => {
      workspace.nx(['run', 'orders:pack']);
      expect(workspace.nx(['run', 'orders:pack'])).toContain('read the output');
      workspace.uv([
        ...['remove', '--quiet', '--package', 'numbers-layer', 'pandas'],
      ]);
      workspace.nx(['sync']);
      const output = workspace.nx(['run', 'orders:pack']);
      expect(output).toContain('packed in');
      expect(output).not.toContain('read the output');
      expect(Object.keys(zipOf('services/orders/orders'))).toContain(
        'pandas/__init__.py',
      );
    });

    it('fail where the layer is for another processor', () => {
      const other = HOST === 'arm64' ? 'x86_64' : 'arm64';
      workspace.replace(
        'layers/numbers-layer/pyproject.toml',
        `architecture = "${HOST}"`,
        `architecture = "${other}"`,
      );
      const { exitCode, output } = workspace.tryNx(['run', 'orders:pack']);
      expect(exitCode).toBe(1);
      expect(output).toContain(
        'the layer numbers-layer is packed for another platform than orders',
      );
    });
  });
});
