import { mentionedNames } from './mentioned-names';

describe('mentionedNames', () => {
  it.each([
    ['import a', ['a']],
    ['\ufeffimport a', ['a']],
    ['import a.b, c as d;import e', ['a', 'c', 'as', 'd', 'import', 'e']],
    ['from a.b import c', ['a']],
    ['from a . b import c', ['a']],
    ['from a import b; import c', ['a', 'c']],
    ['from a import (\n  b,\n  c,\n)', ['a']],
    ['\tif x: import a', ['a']],
    ['import \\\n  a', ['a']],
    ['import \\\r\n  a', ['a']],
    ['from \\\n a \\\n import b', ['a', 'import', 'b']],
    ['x = 1\rimport a\ry = 2', ['a', 'y']],
    ['# from\nimport a', ['a']],
    ['"""taken from x import y"""; import a', ['x', 'a']],
    ['import größe', ['größe']],
    // Mathematical italics: Python reads "shop".
    ['import \u{1d460}\u{210e}\u{1d45c}\u{1d45d}', ['shop']],
    ['raise a from b', ['b']],
  ])('finds all names that %j may import', (text, names) => {
    expect(mentionedNames(text)).toEqual(names);
  });

  it.each([
    'from . import a',
    'from .a import b',
    'from ..a.b import c',
    'important = a',
    'a = b\nc.d()',
  ])('finds none in %j', (text) => {
    expect(mentionedNames(text)).toEqual([]);
  });

  it('takes linear time', () => {
    const started = performance.now();
    for (const text of ['from a', 'from a.', 'import \\', 'from  \t']) {
      mentionedNames(text.repeat(50_000));
    }
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
