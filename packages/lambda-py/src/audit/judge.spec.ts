import { judge } from './judge';

const ADVISORY = { id: 'GHSA-1', aliases: ['CVE-1'], summary: '', fixedIn: [] };
const ANSWERS = new Map([
  ['idna 3.20', []],
  ['requests 2.31.0', [ADVISORY]],
]);
const entry = (what: object, expires: string) => ({
  ...what,
  reason: 'r',
  expires,
  file: 'pyproject.toml',
});

describe('judge', () => {
  it('passes over nothing without an entry', () => {
    expect(judge(ANSWERS, ['kit'], [], '2027-01-01')).toEqual({
      vulnerabilities: [{ pin: 'requests 2.31.0', advisory: ADVISORY }],
      unknown: ['kit'],
      ignored: 0,
      expired: [],
    });
  });

  it.each(['GHSA-1', 'CVE-1'])(
    'passes over %s up to and with its last day',
    (id) => {
      const entries = [entry({ id }, '2027-01-01')];
      expect(judge(ANSWERS, [], entries, '2027-01-01')).toMatchObject({
        vulnerabilities: [],
        ignored: 1,
        expired: [],
      });
      expect(judge(ANSWERS, [], entries, '2027-01-02')).toMatchObject({
        vulnerabilities: [{ pin: 'requests 2.31.0' }],
        ignored: 0,
        expired: entries,
      });
    },
  );

  it('does not tell of an expired entry that a newer one stands in for, or that nothing matches', () => {
    const entries = [
      entry({ id: 'CVE-1' }, '2026-01-01'),
      entry({ id: 'GHSA-1' }, '2027-12-31'),
      entry({ id: 'CVE-2' }, '2026-01-01'),
    ];
    expect(judge(ANSWERS, [], entries, '2027-01-01')).toMatchObject({
      vulnerabilities: [],
      ignored: 1,
      expired: [],
    });
  });

  it('accepts what nobody can tell of by its name alone', () => {
    const kit = entry({ package: 'kit' }, '2027-01-01');
    expect(judge(ANSWERS, ['kit'], [kit], '2027-01-01')).toMatchObject({
      unknown: [],
      vulnerabilities: [{}],
      ignored: 1,
    });
    // A distribution with a known vulnerability is not accepted wholesale.
    const requests = entry({ package: 'requests' }, '2027-01-01');
    expect(judge(ANSWERS, [], [requests], '2027-01-01')).toMatchObject({
      vulnerabilities: [{}],
      ignored: 0,
    });
  });
});
