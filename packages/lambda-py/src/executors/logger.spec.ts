import { logger as ofNx } from '@nx/devkit';
import { logger } from './logger';

describe('logger', () => {
  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env['NX_VERBOSE_LOGGING'];
  });

  it.each(['info', 'warn', 'error'] as const)(
    'prints of %s what Nx does',
    (level) => {
      const print = jest.spyOn(console, level).mockReturnValue();
      ofNx[level]('a text');
      logger[level]('a text');
      const [first, second] = print.mock.calls;
      expect(first).toBeDefined();
      expect(second).toEqual(first);
    },
  );

  it('prints details only where they are asked for', () => {
    const print = jest.spyOn(console, 'warn').mockReturnValue();
    logger.verbose('a detail');
    expect(print).not.toHaveBeenCalled();
    process.env['NX_VERBOSE_LOGGING'] = 'true';
    logger.verbose('a detail');
    expect(print).toHaveBeenCalledWith('a detail');
  });
});
