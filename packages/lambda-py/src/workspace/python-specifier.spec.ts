import { admitsPython, compares, releaseOf } from './python-specifier';

describe('admitsPython', () => {
  it.each([
    ['>=3.11', '3.10', false],
    ['>=3.11', '3.11', true],
    ['>=3.11', '3.14', true],
    ['>=3.12.4', '3.12', true],
    ['>3.12', '3.12', true],
    ['<3.12', '3.12', false],
    ['<3.12', '3.11', true],
    ['<=3.12', '3.12', true],
    ['<=3.12', '3.13', false],
    ['>=3.10, <3.13', '3.13', false],
    ['==3.12.*', '3.12', true],
    ['==3.12.*', '3.13', false],
    ['==3.*', '3.13', true],
    ['!=3.12.*', '3.12', false],
    ['!=3.12.3', '3.12', true],
    ['~=3.11', '3.13', true],
    ['~=3.11', '3.10', false],
    ['~=3.11.2', '3.12', false],
    ['~=3.11.2', '3.11', true],
    ['>=3.9,!=3.12.*,<4', '3.12', false],
  ])('%s for %s: %s', (specifiers, minorVersion, admitted) => {
    expect(admitsPython(specifiers, minorVersion)).toBe(admitted);
  });

  it.each(['', '>=3.13rc1', '===3.11', 'three', '>=3.*'])(
    'refuses nothing for %j, which it does not know',
    (specifiers) => {
      expect(admitsPython(specifiers, '3.12')).toBe(true);
    },
  );
});

describe('compares', () => {
  it('pads with zeros', () => {
    expect(compares([3, 12, 0], '==', '3.12')).toBe(true);
    expect(compares([3, 12], '>=', '3.12.1')).toBe(false);
  });

  it('does not judge what is no final release', () => {
    expect(compares([3, 12], '>=', '3.12a1')).toBeUndefined();
    expect(compares([3, 12], '<>', '3.12')).toBeUndefined();
  });
});

describe('releaseOf', () => {
  it('reads final releases alone', () => {
    expect(releaseOf('3.12.4')).toEqual([3, 12, 4]);
    expect(releaseOf('3.12.4+')).toBeUndefined();
  });
});
