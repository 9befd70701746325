import { findPython } from '../workspace/python';
import { runtimeOfPython } from '../workspace/runtimes';
import { failureOf, rejectionOf } from '../testing/errors';
import { prepareFunction } from '../runtime/invoke';
import type { PreparedFunction } from '../runtime/invoke';
import { makeTestWorkspace } from '../runtime/testing/test-workspace';
import { requireInitBudget } from './cold-start';
import { findImport, sumPackages } from './import-times';
import { explainInit, measureInit } from './measure';
import type { ColdStartReport } from './report';
import { formatColdStart } from './report';
import { median, summarise } from './summary';

const workspace = makeTestWorkspace();
let zips = 0;

afterAll(() => {
  workspace.remove();
});

/** A function, with a botocore that is none, but creates clients all the same. */
async function prepare(
  main: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<PreparedFunction> {
  const { version } = await findPython(workspace.root);
  const runtime = runtimeOfPython(version);
  if (runtime === undefined) throw new Error(`no runtime for ${version}`);
  zips += 1;
  return prepareFunction(
    workspace.root,
    workspace.zip(`${zips}.zip`, {
      'orders/__init__.py': '',
      'orders/main.py': main.join('\n'),
      'botocore/__init__.py': '',
      'botocore/session.py': [
        'import time',
        'class Session:',
        '    def create_client(self, name): time.sleep(0.03)',
      ].join('\n'),
      ...files,
    }),
    {
      name: 'orders',
      handler: 'orders.main.handler',
      runtime,
      memoryMb: 512,
      timeoutSeconds: 1,
      environment: {},
    },
  );
}

const HANDLER = 'def handler(event, context): ...';

describe('measureInit', () => {
  it('measures CPU time, of fresh processes', async () => {
    const prepared = await prepare([
      'import threading, time',
      'begin = time.process_time()',
      'while time.process_time() < begin + 0.2: pass',
      'time.sleep(0.5)',
      'print("noise")',
      'threading.Thread(target=lambda: time.sleep(60)).start()',
      HANDLER,
    ]);
    const times = await measureInit(prepared, 2);
    expect(times).toHaveLength(2);
    for (const { functionMs, interpreterMs, clientMs, totalMs } of times) {
      expect(functionMs).toBeGreaterThanOrEqual(200);
      expect(functionMs).toBeLessThan(500);
      expect(interpreterMs).toBeGreaterThan(0);
      expect(clientMs).toBeGreaterThan(0);
      expect(totalMs).toBeCloseTo(interpreterMs + clientMs + functionMs);
    }
  });

  it.each([
    ['import missing', /No module named 'missing'/],
    ['x = 1', /has no attribute 'handler'/],
  ])('explains why %s cannot be initialised', async (line, message) => {
    const prepared = await prepare([line]);
    const error = await rejectionOf(measureInit(prepared, 1));
    expect(error).toMatch(/^the function cannot be initialised\n/);
    expect(error).toMatch(message);
    expect(error).toMatch('nx run orders:invoke');
  });
});

describe('explainInit', () => {
  it('tells imports, clients, what is compiled, and where imports are used', async () => {
    const prepared = await prepare(
      [
        'from __future__ import annotations',
        'import csv, zipfile, decimal',
        'from orders.store import open_client',
        'CLIENT = open_client()',
        'LIMIT = decimal.Decimal(1)',
        'def handler(event: zipfile.ZipFile, context): return read()',
        'def read(): return csv.reader([])',
        'class Reader:',
        '    def read(self): return csv.reader([])',
      ],
      {
        'orders/store.py': [
          'from vendor import connect',
          'def open_client(): return connect()',
        ].join('\n'),
        'vendor.py': [
          'import botocore.session',
          'def connect(): return botocore.session.Session().create_client("sqs")',
        ].join('\n'),
      },
    );
    const details = await explainInit(prepared, ['orders']);
    expect(details.clients).toEqual([
      {
        service: 'sqs',
        module: 'orders.store',
        during: 'orders.main',
        milliseconds: expect.any(Number) as unknown,
      },
    ]);
    expect(details.clients[0]?.milliseconds).toBeGreaterThan(25);
    expect(details.compiled).toEqual(
      expect.arrayContaining(['orders.main', 'vendor']),
    );
    expect(details.compiled).not.toContain('csv');
    expect(details.uses).toEqual([
      {
        module: 'orders.main',
        package: 'csv',
        functions: ['Reader.read', 'read'],
      },
      {
        module: 'orders.store',
        package: 'vendor',
        functions: ['open_client'],
      },
    ]);
    const main = findImport(details.imports, 'orders.main');
    expect(main?.children.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['csv', 'orders.store']),
    );
    expect(
      sumPackages(details.imports).find(({ name }) => name === 'orders')
        ?.cumulativeMs,
    ).toBeGreaterThan(25);
    expect(findImport(details.imports, 'ast')).toBeUndefined();
  });
});

describe('the report', () => {
  const report: ColdStartReport = {
    name: 'orders',
    handler: 'a.b',
    runtime: 'python3.13',
    sha256: '0',
    runs: 3,
    init: summarise(
      [300, 100, 200].map((totalMs) => ({
        interpreterMs: 10,
        clientMs: 20,
        functionMs: totalMs - 30,
        totalMs,
      })),
    ),
    packages: [{ name: 'boto3', selfMs: 1, cumulativeMs: 2, importer: 'a.b' }],
    advice: [{ about: ['boto3'], milliseconds: 2, text: 'import less of it' }],
    page: 'reports/services/orders/cold-start.html',
  };

  it('is read by people', () => {
    expect(formatColdStart(report).join('\n')).toMatch(
      /^initialisation: 200 ms of CPU time \(median of 3 fresh processes; 100 ms to 300 ms\)\n.*10 ms interpreter, 20 ms .* 170 ms function\n.*no budget[^]*boto3 +1\.0 +2\.0 {2}imported by a\.b\n\nwhat would help\n- import less of it$/,
    );
    expect(
      formatColdStart({ ...report, budgetMs: 1500, advice: [] }).join('\n'),
    ).toMatch(/budget: 1500 ms\n/);
  });

  it('is over a budget or not', () => {
    const check = (budgetMs?: number) => (): void => {
      requireInitBudget(
        { ...report, ...(budgetMs === undefined ? {} : { budgetMs }) },
        'services/orders',
      );
    };
    expect(check()).not.toThrow();
    expect(check(200)).not.toThrow();
    expect(failureOf(check(199))).toBe(
      [
        'services/orders/pyproject.toml: [tool.lambda-py] budgets.init: the initialisation is over its budget',
        '  found:    200 ms of CPU time (median of 3 processes)',
        '  expected: at most 199 ms',
        '  mend:     import less of it; reports/services/orders/cold-start.html shows what costs most',
      ].join('\n'),
    );
  });

  it('knows medians', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});
