import { parseUvReport } from './advisories';

const PINS = [
  { name: 'idna', version: '3.20' },
  { name: 'requests', version: '2.31.0' },
];
const FOUND = {
  dependency: { name: 'requests', version: '2.31.0' },
  id: 'GHSA-1',
  display_id: 'GHSA-1',
  aliases: ['CVE-1'],
  summary: null,
  link: null,
  fix_versions: ['2.32.0'],
};

function report(audited: number, ...vulnerabilities: readonly object[]) {
  return JSON.stringify({
    summary: { audited_packages: audited },
    vulnerabilities,
  });
}

describe('parseUvReport', () => {
  it('has an answer for every pin', () => {
    const answers = parseUvReport(report(2, FOUND), PINS);
    expect([...(answers ?? [])]).toEqual([
      ['idna 3.20', []],
      [
        'requests 2.31.0',
        [
          {
            id: 'GHSA-1',
            aliases: ['CVE-1'],
            summary: '',
            fixedIn: ['2.32.0'],
          },
        ],
      ],
    ]);
  });

  it.each([
    ['fewer distributions than it was asked for', report(1)],
    [
      'one that nobody asked for',
      report(2, { ...FOUND, dependency: { name: 'x', version: '1' } }),
    ],
    ['another format', '{"summary": {}}'],
    ['no JSON', 'Found no known vulnerabilities'],
    ['nothing', ''],
  ])('takes a report of %s for no answer', (_, text) => {
    expect(parseUvReport(text, PINS)).toBeUndefined();
  });
});
