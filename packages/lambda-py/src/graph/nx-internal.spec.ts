import type * as nxInternal from './nx-internal';

/** Warns with a given `@nx/devkit/internal`; returns what `logger.warn` got. */
function warnWith(internal: object): readonly unknown[] {
  const logger = { warn: jest.fn() };
  jest.isolateModules(() => {
    jest.doMock('@nx/devkit', () => ({ logger }));
    jest.doMock('@nx/devkit/internal', () => internal);
    jest
      .requireActual<typeof nxInternal>('./nx-internal')
      .warnDuringGraphCreation('careful');
  });
  return logger.warn.mock.calls;
}

describe('warnDuringGraphCreation', () => {
  it('hands the message to Nx', () => {
    const emitPluginWorkerLog = jest.fn();
    expect(warnWith({ emitPluginWorkerLog })).toEqual([]);
    expect(emitPluginWorkerLog.mock.calls).toEqual([['warn', 'careful']]);
  });

  it('logs the message where Nx has no channel for it', () => {
    expect(warnWith({})).toEqual([['careful']]);
  });
});

describe('contentHashOf', () => {
  it('is what Nx has for a file with that content', () => {
    jest.isolateModules(() => {
      jest.dontMock('@nx/devkit');
      const { contentHashOf } =
        jest.requireActual<typeof nxInternal>('./nx-internal');
      // XXH3 with 64 bits, in decimal.
      expect(contentHashOf('x')).toBe('16929150178197425425');
    });
  });
});
