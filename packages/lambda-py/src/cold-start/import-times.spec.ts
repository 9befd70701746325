import {
  findImport,
  foreignImports,
  parseImportTimes,
  sumPackages,
} from './import-times';

// What CPython prints: a module after all that it imports.
const OUTPUT = `import time: self [us] | cumulative | imported package
import time:       100 |        100 | _io
a warning of the function's
import time:      1000 |       1000 |         botocore.config
import time:      2000 |       3000 |       botocore
import time:      1000 |       4000 |     boto3
import time:       500 |        500 |     json
import time:       700 |       5200 |   orders.adapters
import time:       300 |        300 |     botocore.late
import time:       200 |        500 |   lambda_kit.api
import time:       800 |       6500 | orders.handler\r
import time:       malformed`;

describe('parseImportTimes', () => {
  const root = parseImportTimes(OUTPUT);

  it('makes a tree', () => {
    const shape = (node: typeof root): unknown =>
      node.children.length === 0
        ? node.name
        : [node.name, ...node.children.map(shape)];
    expect(shape(root)).toEqual([
      '',
      '_io',
      [
        'orders.handler',
        ['orders.adapters', ['boto3', ['botocore', 'botocore.config']], 'json'],
        ['lambda_kit.api', 'botocore.late'],
      ],
    ]);
    expect(root.cumulativeMs).toBeCloseTo(6.6);
    expect(findImport(root, 'boto3')).toMatchObject({
      selfMs: 1,
      cumulativeMs: 4,
    });
    expect(findImport(root, 'boto4')).toBeUndefined();
  });

  it('has nothing to tell of nothing', () => {
    expect(parseImportTimes('')).toEqual({
      name: '',
      selfMs: 0,
      cumulativeMs: 0,
      children: [],
    });
  });

  it('sums packages up, no import twice', () => {
    const rounded = sumPackages(root).map((cost) => ({
      ...cost,
      selfMs: Number(cost.selfMs.toFixed(3)),
    }));
    expect(rounded).toEqual([
      { name: 'orders', selfMs: 1.5, cumulativeMs: 6.5 },
      {
        name: 'boto3',
        selfMs: 1,
        cumulativeMs: 4,
        importer: 'orders.adapters',
      },
      {
        name: 'botocore',
        selfMs: 3.3,
        cumulativeMs: 3.3,
        importer: 'boto3',
      },
      {
        name: 'json',
        selfMs: 0.5,
        cumulativeMs: 0.5,
        importer: 'orders.adapters',
      },
      {
        name: 'lambda_kit',
        selfMs: 0.2,
        cumulativeMs: 0.5,
        importer: 'orders.handler',
      },
      { name: '_io', selfMs: 0.1, cumulativeMs: 0.1 },
    ]);
  });

  it('tells what own modules import from outside, and what that is mostly', () => {
    expect(foreignImports(root, new Set(['orders', 'lambda_kit']))).toEqual([
      {
        importer: 'orders.adapters',
        name: 'boto3',
        cumulativeMs: 4,
        mostly: 'botocore',
      },
      { importer: 'orders.adapters', name: 'json', cumulativeMs: 0.5 },
      { importer: 'lambda_kit.api', name: 'botocore', cumulativeMs: 0.3 },
    ]);
  });
});
