import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { digestsOf, forgetPacks, packOrders } from './support/engine';
import { canMount, packOrdersWhile } from './support/refusing-disk';
import { Workspace } from './support/workspace';

const OUTPUT = 'dist/services/orders';
const CACHE = '.nx/lambda-py';

// Skipped, and shown as such, where this user may not mount anything.
(canMount() ? describe : describe.skip)('a disk that refuses', () => {
  let workspace: Workspace;
  let expected: readonly string[];

  beforeAll(() => {
    workspace = Workspace.create('disk', { isIsolated: false });
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.nx(['generate', 'lambda-py:service', 'orders']);
    workspace.commit('service');
    expected = packOrders({ root: workspace.root });
  });

  afterEach(() => {
    workspace.restore();
  });

  afterAll(() => {
    workspace.remove();
  });

  it.each([
    ['is full', { freeKilobytes: 64 }, 'the disk is full', 'free some space'],
    [
      'fills up while the zip is written',
      { freeKilobytes: 4096 },
      'the disk is full',
      'free some space',
    ],
    [
      'is read-only',
      'read-only',
      'the file system is read-only',
      'make it writable, or choose another outputPath',
    ],
  ] as const)(
    'keeps the earlier output, whole and alone, where dist %s',
    (_, refusal, reason, mend) => {
      const { root } = workspace;
      packOrders({ root });
      appendFileSync(
        join(root, 'services/orders/src/orders/handler.py'),
        '\nCHANGED = True\n',
      );
      const { exitCode, stderr, files } = packOrdersWhile(
        root,
        OUTPUT,
        refusal,
      );
      expect(exitCode).toBe(1);
      expect(stderr).toContain(
        `the file system refused pack a file: ${reason}`,
      );
      expect(stderr).toContain(`mend:     ${mend}`);
      expect(files.map((line) => line.split('  ./')[1])).toEqual([
        'orders.manifest.json',
        'orders.sbom.json',
        'orders.zip',
      ]);
      const [zip, manifest, sbom] = expected;
      expect(files.map((line) => line.split('  ')[0])).toEqual([
        manifest,
        sbom,
        zip,
      ]);
      expect(digestsOf(root)).toEqual(expected);
    },
  );

  it('explains a read-only dist that has no output yet', () => {
    const { root } = workspace;
    rmSync(join(root, 'dist'), { recursive: true });
    const { exitCode, stderr } = packOrdersWhile(root, 'dist', 'read-only');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'the file system refused pack a file: the file system is read-only',
    );
  });

  describe.each([
    ['cold', true],
    ['warm', false],
  ] as const)('with a %s cache', (_, isCold) => {
    it.each([
      ['is full', { freeKilobytes: 64 }],
      ['fills up', { freeKilobytes: 8192 }],
      ['is read-only', 'read-only'],
    ] as const)('packs the same bytes where the cache %s', (__, refusal) => {
      const { root } = workspace;
      packOrders({ root });
      if (isCold) forgetPacks(root);
      rmSync(join(root, OUTPUT), { recursive: true });
      const { exitCode, stderr, files } = packOrdersWhile(root, CACHE, refusal);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(digestsOf(root)).toEqual(expected);
      expect(files.filter((path) => path.endsWith('.pending'))).toEqual([]);
      // What was kept there meanwhile harms no later run either.
      expect(packOrders({ root })).toEqual(expected);
    });
  });
});
