import { toolEnvironment } from './run-tool';

describe('toolEnvironment', () => {
  it('has no colours, and the time zone of Lambda', () => {
    expect(toolEnvironment({ FORCE_COLOR: '1', A: 'a' }, 'darwin')).toEqual({
      A: 'a',
      NO_COLOR: '1',
      TZ: ':UTC',
    });
  });

  it('names the time zone as Windows reads it', () => {
    expect(toolEnvironment({}, 'win32')['TZ']).toBe('UTC');
  });
});
