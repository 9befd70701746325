import { membershipOf } from './member-globs';

describe('membershipOf', () => {
  const membership = membershipOf({
    members: ['libs/*', './services/*/', 'tools/one', 'deep/**'],
    exclude: ['libs/legacy', 'services/old-*/'],
  });

  it.each([
    ['libs/a', 'member'],
    ['libs/.hidden', 'member'],
    ['libs/a/b', 'outside'],
    ['libs', 'outside'],
    ['libs/legacy', 'excluded'],
    ['services/orders', 'member'],
    ['services/old-orders', 'excluded'],
    ['tools/one', 'member'],
    ['tools/two', 'outside'],
    ['deep/a/b', 'member'],
  ])('%s: %s', (folder, expected) => {
    expect(membership(folder)).toBe(expected);
  });

  it('has no member without a glob', () => {
    expect(membershipOf({ members: [], exclude: [] })('libs/a')).toBe(
      'outside',
    );
  });
});
