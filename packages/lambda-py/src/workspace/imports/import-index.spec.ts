import { indexImports } from './import-index';

const index = indexImports([
  { name: 'orders', importNames: ['orders', 'acme.orders'] },
  { name: 'shared', importNames: ['shared', 'acme.shared'] },
  { name: 'other', importNames: ['shared'] },
  { name: 'whole', importNames: ['acme'] },
]);
const undeclared = (
  member: string,
  declared: readonly string[],
  ...mentioned: readonly string[]
): readonly string[] => index.undeclared(member, new Set(declared), mentioned);

describe('indexImports', () => {
  it('tells what a member has not declared', () => {
    expect(undeclared('orders', [], 'os', 'orders', 'shared')).toEqual([
      'shared',
    ]);
  });

  it('looks into namespaces that are shared, but not into the own part', () => {
    expect(undeclared('orders', ['whole'], 'acme')).toEqual(['acme.shared']);
    expect(undeclared('whole', [], 'acme')).toEqual([]);
  });

  it('takes every owner of a name for one that may be meant', () => {
    expect(undeclared('orders', ['shared'], 'shared')).toEqual(['shared']);
    expect(undeclared('orders', ['shared', 'other'], 'shared')).toEqual([]);
    expect(undeclared('other', [], 'shared')).toEqual([]);
    expect(index.ownersOf('shared')).toEqual(['shared', 'other']);
    expect(index.ownersOf('os')).toEqual([]);
  });
});
