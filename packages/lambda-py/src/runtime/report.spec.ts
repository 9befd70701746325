import { billedDuration, formatReport } from './report';

const FIGURES = {
  requestId: '8f507cfc',
  durationMs: 1.234,
  billedDurationMs: 124,
  memoryMb: 512,
  maxMemoryUsedMb: 60,
};

describe('formatReport', () => {
  it('is the line that Lambda prints', () => {
    expect(formatReport({ ...FIGURES, initDurationMs: 122.1084 })).toBe(
      'REPORT RequestId: 8f507cfc\tDuration: 1.23 ms\tBilled Duration: 124 ms\tMemory Size: 512 MB\tMax Memory Used: 60 MB\tInit Duration: 122.11 ms',
    );
  });

  it('has no init duration where there is none, and tells how the environment ended', () => {
    expect(formatReport(FIGURES, 'timeout')).toMatch(
      /Used: 60 MB\tStatus: timeout$/,
    );
    expect(formatReport(FIGURES, { errorType: 'Runtime.ExitError' })).toMatch(
      /Used: 60 MB\tStatus: error\tError Type: Runtime\.ExitError$/,
    );
  });
});

describe('billedDuration', () => {
  it('holds the init phase, and is rounded up', () => {
    expect(billedDuration(1.23, 122.11)).toBe(124);
    expect(billedDuration(1.23)).toBe(2);
    expect(billedDuration(3000)).toBe(3000);
  });
});
