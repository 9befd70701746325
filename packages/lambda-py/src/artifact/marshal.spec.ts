import { canonicalMarshal } from './marshal';

/** Bytes in the notation of Python's `repr`. */
function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function canonical(text: string): string {
  return Buffer.from(canonicalMarshal(bytes(text), '3.13')).toString('latin1');
}

// A type with the flag "may be referred to" has its high bit set: \xda is Z, \xfa is z, \xa9 is ).
describe('canonicalMarshal', () => {
  it.each([
    ['a mark that nothing refers to', '\xa9\x02\xda\x02abN', ')\x02Z\x02abN'],
    [
      'references by number',
      ')\x03\xfa\x03a-b\xfa\x03c-dr\x01\0\0\0',
      ')\x03z\x03a-b\xfa\x03c-dr\0\0\0\0',
    ],
    [
      'equal strings that are two objects, one of them interned',
      ')\x02z\x03a.bZ\x03a.b',
      ')\x02\xda\x03a.br\0\0\0\0',
    ],
    [
      'the order of a frozenset, whatever is marked in it',
      ')\x02>\x02\0\0\0z\x03b-b\xfa\x03a-ar\0\0\0\0',
      ')\x02>\x02\0\0\0\xfa\x03a-az\x03b-br\0\0\0\0',
    ],
    [
      'equal collections that are two objects',
      ')\x02)\x01i\x01\0\0\0)\x01i\x01\0\0\0',
      ')\x02)\x01i\x01\0\0\0)\x01i\x01\0\0\0',
    ],
    ['a character that was interned', ')\x02Z\x01/z\x01a', ')\x02z\x01/Z\x01a'],
    ['a character of Latin-1', 't\x02\0\0\0\xc3\xa9', 'u\x02\0\0\0\xc3\xa9'],
  ])('normalises %s', (_, given, expected) => {
    expect(canonical(given)).toBe(expected);
    expect(canonical(expected)).toBe(expected);
  });

  it.each([
    [
      'numbers',
      ')\x05i\x05\0\0\0g12345678l\xfe\xff\xff\xff1234y1234567812345678F',
    ],
    ['a slice', ':i\x01\0\0\0NN'],
    ['a dictionary', '{Z\x01aN0'],
    ['a list and a set', ')\x02[\x01\0\0\0N<\x01\0\0\0T'],
    ['long strings', ')\x03s\x02\0\0\0abu\x02\0\0\0\xd0\xb0a\x02\0\0\0x-'],
    ['code', `c${'\0'.repeat(20)}${'N'.repeat(8)}\x01\0\0\0NN`],
  ])('leaves %s', (_, text) => {
    expect(canonical(text)).toBe(text);
  });

  it.each([
    ['unknown', '?'],
    ['dangling', 'r\0\0\0\0'],
    ['more than one object', 'NN'],
  ])('refuses what is %s', (_, text) => {
    expect(() => canonical(text)).toThrow('marshal: ');
  });
});
