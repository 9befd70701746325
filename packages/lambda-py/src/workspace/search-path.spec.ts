import { extendPath } from './search-path';

describe('extendPath', () => {
  it('adds folders before and after', () => {
    expect(extendPath({ PATH: '/bin', A: 'a' }, { first: '/tools' })).toEqual({
      PATH: '/tools:/bin',
      A: 'a',
    });
    expect(extendPath({ PATH: '/bin' }, { last: '/node' })).toEqual({
      PATH: '/bin:/node',
    });
  });

  it('takes the spelling of Windows, and leaves one alone', () => {
    expect(extendPath({ Path: '/bin' }, { first: '/tools' })).toEqual({
      PATH: '/tools:/bin',
    });
    expect(
      extendPath({ Path: '/other', PATH: '/bin' }, { first: '/tools' }),
    ).toEqual({ PATH: '/tools:/bin' });
  });

  it('adds no working directory where there is no PATH', () => {
    expect(extendPath({}, { first: '/tools' })).toEqual({ PATH: '/tools' });
  });
});
