import { parse } from 'smol-toml';
import { failureOf } from '../testing/errors';
import { parseToml, tomlString } from './toml';

describe('parseToml', () => {
  it.each([
    ['LF', 'a = 1\nb = "x"\n'],
    ['CRLF', 'a = 1\r\nb = "x"\r\n'],
    ['a BOM', '\uFEFFa = 1\nb = "x"\n'],
    ['no last line end', 'a = 1\nb = "x"'],
  ])('reads a file with %s', (_, text) => {
    expect(parseToml(text, 'x.toml')).toEqual({ a: 1, b: 'x' });
  });

  it('reads what the product has no use for: dates, 64-bit integers', () => {
    expect(
      parseToml('d = 2026-01-01\nn = 9007199254740993\n', 'x.toml')['n'],
    ).toBe(9007199254740993n);
  });

  it.each([
    ['a = 1\nb = \n', 'line 2, column 5'],
    ['a = 1\r\n[x\r\n', 'line 2, column 3'],
    ['a = 1\na = 2\n', 'line 2, column 1'],
  ])('names file, line and column of %j', (text, place) => {
    const message = failureOf(() => parseToml(text, 'libs/a/pyproject.toml'));
    expect(message.split('\n')).toEqual([
      `libs/a/pyproject.toml: ${place}: the file is not valid TOML`,
      expect.stringMatching(/^ {2}found: {4}\S/),
      '  mend:     correct libs/a/pyproject.toml',
    ]);
  });
});

describe('tomlString', () => {
  it.each([
    'plain',
    'a "b" \\ c',
    '',
    'tab\tdel\u007f',
    'ü €',
    "'''",
    '<%= x %>',
  ])('writes %j so that it is read back', (text) => {
    expect(parse(`a = ${tomlString(text)}`)).toEqual({ a: text });
  });
});
