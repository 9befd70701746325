import { artifactOptionsOf } from '../workspace/artifact-options';
import { requireIncludeFits } from './include-conflict';
import { entriesOf } from './merge-segments';
import { sampleSegments, sampleService } from './testing/samples';
import type { Files } from './testing/samples';

const service = sampleService({
  artifact: artifactOptionsOf({ include: ['orders/**'] }),
});

describe('requireIncludeFits', () => {
  const check = (name: string, wheel: Files, included: Files): void => {
    requireIncludeFits(
      service,
      entriesOf([
        ...sampleSegments({ [name]: wheel }),
        ...sampleSegments({ orders: included }),
      ]),
    );
  };
  const bytecode = 'orders/__pycache__/handler.cpython-313.pyc';

  it('names the key, and the source rather than its bytecode', () => {
    expect(() => {
      check(
        'orders',
        { [bytecode]: 'a', 'orders/handler.py': 'a' },
        { [bytecode]: 'b', 'orders/handler.py': 'b' },
      );
    }).toThrow(
      /^services\/orders\/pyproject\.toml: \[tool\.lambda-py\] include: [^]*found: {4}orders\/handler\.py\n[^]*move services\/orders\/orders\/handler\.py$/,
    );
  });

  it('takes the same file twice, and leaves other distributions to others', () => {
    check('orders', { 'a.txt': 'a' }, { 'a.txt': 'a', 'b.txt': 'b' });
    check('kit', { 'a.txt': 'a' }, { 'a.txt': 'b' });
  });
});
