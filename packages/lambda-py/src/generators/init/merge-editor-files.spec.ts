import { parse } from 'jsonc-parser';
import { failureOf } from '../../testing/errors';
import { mergeRecommendations, mergeSettings } from './merge-editor-files';

const FILE = '.vscode/x.json';

describe('mergeSettings', () => {
  it('writes strict JSON where there is no file', () => {
    const text = mergeSettings(undefined, { a: true, b: { c: [1] } }, FILE);
    expect(JSON.parse(text)).toEqual({ a: true, b: { c: [1] } });
  });

  it('keeps values, comments and order', () => {
    const before = '{\n  // ours\n  "a": false, // off\n}\n';
    const text = mergeSettings(before, { a: true, b: 1 }, FILE);
    expect(text).toContain('// ours');
    expect(text).toContain('"a": false');
    expect(text).toContain('// off');
    expect(parse(text, [], { allowTrailingComma: true })).toEqual({
      a: false,
      b: 1,
    });
    expect(mergeSettings(text, { a: true, b: 1 }, FILE)).toBe(text);
  });

  it.each(['[]', '{', '"x"', ''])('refuses %j', (text) => {
    expect(failureOf(() => mergeSettings(text, { a: 1 }, FILE))).toContain(
      '.vscode/x.json: line 1: nothing can be added to the file as it is written',
    );
  });
});

describe('mergeRecommendations', () => {
  it.each([
    [undefined, ['a.b', 'c.d']],
    ['{ "unwantedRecommendations": ["a.b"] }', ['c.d']],
    ['{ "recommendations": [] }', ['a.b', 'c.d']],
    ['{ "recommendations": ["x.y", "A.B"] }', ['x.y', 'A.B', 'c.d']],
  ])('completes %j', (before, expected) => {
    const text = mergeRecommendations(before, ['a.b', 'c.d'], FILE);
    expect(JSON.parse(text)).toHaveProperty('recommendations', expected);
    expect(mergeRecommendations(text, ['a.b', 'c.d'], FILE)).toBe(text);
  });

  it('keeps comments', () => {
    const before = '{\n  "recommendations": [\n    "x.y" // ours\n  ]\n}\n';
    expect(mergeRecommendations(before, ['a.b'], FILE)).toContain('// ours');
  });
});
