import { formatHistory, readHistory } from './alias-history';

describe('the history of an alias', () => {
  it('is read as it was written', () => {
    const history = {
      versions: ['7', '5', '3'],
      commit: '0123456789ab+',
      time: '2026-01-01T00:00:00Z',
    };

    expect(readHistory(formatHistory(history), '7')).toEqual(history);
    expect(readHistory(formatHistory({ versions: ['1'] }), '1')).toEqual({
      versions: ['1'],
    });
  });

  it('begins with the version that somebody else has moved the alias to', () => {
    expect(readHistory('lambda-py: 5 3; commit abc', '8')).toEqual({
      versions: ['8', '5', '3'],
    });
    expect(readHistory("the user's own words", '8').versions).toEqual(['8']);
    expect(readHistory('', '$LATEST').versions).toEqual([]);
  });

  it('names a version once, and forgets the oldest', () => {
    const versions = Array.from({ length: 99 }, (_, index) =>
      String(1_999 - index),
    );
    const text = formatHistory({ versions: ['1999', ...versions] });

    expect(text.length).toBeLessThanOrEqual(256);
    expect(text).toMatch(/^lambda-py: 1999 1998 1997 /);
  });
});
