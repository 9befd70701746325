import { patternBelow } from './nx-ignore';

it.each([
  ['*.csv', '*.csv'],
  ['data/', 'data/'],
  ['!made.py', '!made.py'],
  ['/libs/subm/data/', '/data/'],
  ['!libs/subm/a.py', '!/a.py'],
  ['libs/*/src/*.csv', '/src/*.csv'],
  ['libs/su[!x-z]?/a.py', '/a.py'],
  ['libs/**/a.py', '/**/a.py'],
  ['**/a/b.py', '/**/a/b.py'],
  ['/data', undefined],
  ['libs/other/a.py', undefined],
  ['libs/subm', undefined],
  ['libs/subm/', undefined],
  ['libs/[/a.py', undefined],
  ['lib?s/subm/a.py', undefined],
])('patternBelow: %s is %s in libs/subm', (pattern, expected) => {
  expect(patternBelow(pattern, 'libs/subm')).toBe(expected);
});
