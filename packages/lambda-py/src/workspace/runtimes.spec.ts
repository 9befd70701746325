import {
  deprecationWarning,
  findRuntime,
  runtimeOfPython,
  RUNTIMES,
} from './runtimes';

describe('the table of runtimes', () => {
  it('knows each by its identifier and by its Python version', () => {
    for (const runtime of RUNTIMES) {
      expect(findRuntime(runtime.identifier)).toBe(runtime);
      expect(runtimeOfPython(runtime.pythonVersion)).toBe(runtime);
      expect(runtimeOfPython(`${runtime.pythonVersion}.7`)).toBe(runtime);
      expect(runtime.deprecationDate).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
    expect(findRuntime('python3.9')).toBeUndefined();
    expect(runtimeOfPython('3.1')).toBeUndefined();
  });

  it('caps wheels at the glibc of the operating system', () => {
    const glibcOf = (identifier: string) => findRuntime(identifier)?.glibc;
    expect(glibcOf('python3.11')).toEqual({ major: 2, minor: 26 });
    expect(glibcOf('python3.12')).toEqual({ major: 2, minor: 34 });
  });
});

describe('deprecationWarning', () => {
  const runtime = findRuntime('python3.10')!;

  it('warns from the day of deprecation on', () => {
    expect(
      deprecationWarning(runtime, new Date('2026-10-30T23:59:59Z')),
    ).toBeUndefined();
    expect(
      deprecationWarning(runtime, new Date('2026-10-31T00:00:00Z')),
    ).toMatch(
      /^The runtime python3\.10 is deprecated since 2026-10-31: .* Choose python3\.14\.$/,
    );
  });
});
