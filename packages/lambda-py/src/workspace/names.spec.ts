import { failureOf } from '../testing/errors';
import {
  deriveProjectNames,
  normaliseProjectName,
  packageNameOf,
} from './names';

describe('deriveProjectNames', () => {
  it.each([
    ['orders', 'orders', 'orders', 'Orders'],
    ['order_events', 'order-events', 'order_events', 'OrderEvents'],
    ['Order-Events', 'order-events', 'order_events', 'OrderEvents'],
    ['a', 'a', 'a', 'A'],
    ['v2', 'v2', 'v2', 'V2'],
    ['a__b--c', 'a-b-c', 'a_b_c', 'ABC'],
  ])('%s', (name, projectName, packageName, className) => {
    expect(deriveProjectNames(name, [])).toEqual({
      projectName,
      packageName,
      className,
    });
  });

  it.each([
    'Orders!',
    '',
    ' ',
    '../x',
    'a/b',
    'a\\b',
    'a.b',
    '1st',
    '-x',
    'x-',
    '_x',
    'x_',
    'a b',
    'orders\n',
    'größe',
    '$(id)',
    'a'.repeat(41),
  ])('refuses %j, which is no project name', (name) => {
    expect(failureOf(() => deriveProjectNames(name, []))).toBe(
      [
        'the name is not a valid project name',
        `  found:    ${JSON.stringify(name)}`,
        '  expected: a letter, then letters, digits, "-" or "_", 40 characters at most',
        '  mend:     choose another name',
      ].join('\n'),
    );
  });

  it('takes a name of the greatest length', () => {
    const name = 'a'.repeat(40);
    expect(deriveProjectNames(name, []).projectName).toBe(name);
  });

  it.each([
    ['lambda', 'is a Python keyword'],
    ['Class', 'is a Python keyword'],
    ['match', 'is a Python keyword'],
    ['json', "is a module of Python's standard library"],
    ['JSON', "is a module of Python's standard library"],
    ['test', "is a module of Python's standard library"],
    ['annotationlib', "is a module of Python's standard library"],
    ['tenacity', 'is the name of a dependency'],
    ['Tenacity', 'is the name of a dependency'],
    ['Aws-Lambda_Powertools', 'is the name of a dependency'],
  ])('refuses %s, which %s', (name, reason) => {
    const message = failureOf(() =>
      deriveProjectNames(name, ['Tenacity', 'aws_lambda.powertools']),
    );
    expect(message).toContain(`the name "${name}" ${reason}`);
    expect(message).toContain('mend:     choose another name');
  });
});

describe('normaliseProjectName', () => {
  it.each([
    ['Order_Events', 'order-events'],
    ['a.-_b', 'a-b'],
    ['PyYAML', 'pyyaml'],
  ])('of %s is %s', (name, normalised) => {
    expect(normaliseProjectName(name)).toBe(normalised);
    expect(packageNameOf(name)).toBe(normalised.replaceAll('-', '_'));
  });
});
