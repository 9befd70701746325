import { requireLayersAgree, requireNothingHidden } from './layer-overlaps';
import { sampleContents, sampleService } from './testing/samples';
import type { Files } from './testing/samples';

const service = sampleService({ layers: ['lc1', 'lc2'] });

describe('requireLayersAgree', () => {
  const check = (
    ...layers: readonly Readonly<Record<string, Files>>[]
  ): void => {
    requireLayersAgree(
      service,
      new Map(
        layers.map((files, index) => [`lc${index + 1}`, sampleContents(files)]),
      ),
    );
  };

  it('refuses files of one path that differ, and names a source rather than its bytecode', () => {
    expect(() => {
      check(
        {
          'pkgns-a': {
            'pns/__pycache__/z.cpython-313.pyc': 'a',
            'pns/z.py': 'a',
            'pns/a.py': '',
          },
        },
        {
          'clash-b': {
            'pns/__pycache__/z.cpython-313.pyc': 'b',
            'pns/z.py': 'b',
            'pns/b.py': '',
          },
        },
      );
    }).toThrow(
      /^services\/orders\/pyproject\.toml: \[tool\.lambda-py\] layers: two layers hold different files[^]*pns\/z\.py of pkgns-a in lc1, and of clash-b in lc2\n {2}mend/,
    );
  });

  it('compares each layer with all before it', () => {
    expect(() => {
      check(
        { a: { 'x.py': '1' } },
        { b: { 'y.py': '' } },
        { c: { 'x.py': '2' } },
      );
    }).toThrow('x.py of a in lc1, and of c in lc3');
  });

  it('takes the same file twice, and any one layer', () => {
    check({ a: { 'x.py': '1' } }, { b: { 'x.py': '1' } });
    check({ a: { 'x.py': '1' } });
  });
});

describe('requireNothingHidden', () => {
  const check = (
    own: Readonly<Record<string, Files>>,
    layer: Readonly<Record<string, Files>>,
  ): void => {
    requireNothingHidden(
      service,
      sampleContents(own),
      new Map([['lc1', sampleContents(layer)]]),
    );
  };

  it.each([
    ['with another __init__.py', { 'pns/__init__.py': 'b' }, 'pns/__init__.py'],
    [
      'with the same __init__.py and other modules',
      { 'pns/__init__.py': 'a', 'pns/b.py': '' },
      'pns/b.py',
    ],
    ['without an __init__.py', { 'pns/sub/b.py': '' }, 'pns/sub/b.py'],
  ])('refuses a package of the zip that a layer has %s', (_, layer, path) => {
    expect(() => {
      check({ a: { 'pns/__init__.py': 'a' } }, { b: layer });
    }).toThrow(
      new RegExp(
        `layers: a package in the zip of orders hides [^]*pns/__init__\\.py of a in the zip, ${path} of b in lc1\n[^]*add "pns/\\*\\*" to "exclude"`,
      ),
    );
  });

  it.each<[string, Files, Record<string, Files>]>([
    ['other packages', { 'a/__init__.py': '' }, { b: { 'b/__init__.py': '' } }],
    [
      'files that are no modules',
      { 'pns/__init__.py': '' },
      { b: { 'pns/__pycache__/b.cpython-313.pyc': 'x', 'pns/py.typed': '' } },
    ],
    [
      'the same file',
      { 'pns/__init__.py': 'a' },
      { b: { 'pns/__init__.py': 'a' } },
    ],
    ['a namespace package', { 'pns/a.py': '' }, { b: { 'pns/b.py': '' } }],
    [
      'a namespace package of before PEP 420',
      { 'pns/__init__.py': '__path__ = extend_path(__path__, __name__)' },
      { b: { 'pns/__init__.py': '', 'pns/b.py': '' } },
    ],
    [
      'a distribution that the zip holds too',
      { 'pns/__init__.py': 'a' },
      { a: { 'pns/__init__.py': 'a', 'pns/tests.py': '' } },
    ],
    ['modules at the root', { 'a.py': '1' }, { b: { 'a.py': '2' } }],
  ])('takes %s', (_, own, layer) => {
    check({ a: own }, layer);
  });
});
