import { formatErrorDetails, LambdaPyError, messageOf } from './errors';

describe('formatErrorDetails', () => {
  it('shows place, problem, what was found and expected, and what mends it', () => {
    expect(
      formatErrorDetails({
        file: 'a.toml',
        location: 'line 1',
        problem: 'is wrong',
        found: '1',
        expected: '2',
        mend: 'edit',
      }),
    ).toBe(
      'a.toml: line 1: is wrong\n  found:    1\n  expected: 2\n  mend:     edit',
    );
  });

  it.each([
    [{ problem: 'p' }, 'p'],
    [{ problem: 'p', file: 'f', location: '' }, 'f: p'],
    [{ problem: 'p', location: '--x' }, '--x: p'],
  ])('leaves out what is not there: %j', (details, message) => {
    expect(new LambdaPyError(details).message).toBe(message);
  });
});

describe('messageOf', () => {
  it.each([
    [new Error('e'), 'e'],
    ['text', 'text'],
    [undefined, 'undefined'],
  ])('of %p', (thrown, message) => {
    expect(messageOf(thrown)).toBe(message);
  });
});
