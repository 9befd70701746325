import { judgeCoverage } from './coverage-gate';

type Counts = readonly [
  coveredLines: number,
  lines: number,
  coveredBranches?: number,
  branches?: number,
];

function summary([
  covered_lines,
  num_statements,
  covered_branches,
  num_branches,
]: Counts) {
  return {
    covered_lines,
    num_statements,
    covered_branches,
    num_branches,
    percent_covered: 1,
  };
}

function reportOf(
  totals: Counts,
  files: Readonly<Record<string, Counts>> = {},
) {
  return {
    meta: { version: '7.17' },
    totals: summary(totals),
    files: Object.fromEntries(
      Object.entries(files).map(([file, counts]) => [
        file,
        { summary: summary(counts) },
      ]),
    ),
  };
}

const GATES = { lines: 85, branches: 80 };

describe('judgeCoverage', () => {
  it.each<[string, Counts, boolean]>([
    ['all covered', [10, 10, 4, 4], true],
    ['both exactly at their gates', [85, 100, 80, 100], true],
    ['lines below, branches full', [84, 100, 100, 100], false],
    ['lines full, branches below', [100, 100, 79, 100], false],
    ['lines a hair below', [8499, 10000, 1, 1], false],
    ['no branch at all', [10, 10, 0, 0], true],
    ['a report without branches', [10, 10], true],
    ['no line at all', [0, 0, 0, 0], true],
  ])('%s', (_, counts, passed) => {
    expect(judgeCoverage(reportOf(counts), GATES).passed).toBe(passed);
  });

  it('tells both figures', () => {
    expect(judgeCoverage(reportOf([9, 10, 0, 0]), GATES).message).toBe(
      'coverage: 90.0 % of lines (9 of 10, at least 85 %), 100.0 % of branches (0 of 0, at least 80 %)',
    );
  });

  it('does not round a figure up to its gate', () => {
    expect(judgeCoverage(reportOf([8499, 10000]), GATES).message).toContain(
      '84.9 % of lines (8499 of 10000, at least 85 %)',
    );
  });

  it('lists the files that lack most, of each kind apart', () => {
    const { message } = judgeCoverage(
      reportOf([12, 20, 3, 8], {
        'src/a.py': [1, 3, 0, 4],
        'src/b.py': [1, 7, 3, 4],
        'src/whole.py': [10, 10, 0, 0],
      }),
      GATES,
    );
    expect(message.split('\n').slice(1)).toEqual([
      'too few lines are covered; missing most:',
      '  src/b.py: 6 not covered',
      '  src/a.py: 2 not covered',
      'too few branches are covered; missing most:',
      '  src/a.py: 4 not covered',
      '  src/b.py: 1 not covered',
    ]);
  });

  it('lists ten files at most', () => {
    const files = Object.fromEntries(
      Array.from({ length: 12 }, (_, index): [string, Counts] => [
        `${index}.py`,
        [0, index + 1],
      ]),
    );
    const { message } = judgeCoverage(reportOf([0, 78], files), GATES);
    expect(message.split('\n').slice(2)).toHaveLength(10);
    expect(message).not.toContain(' 1.py');
  });

  it('refuses what is no report', () => {
    expect(() => judgeCoverage({ totals: {} }, GATES)).toThrow(
      /num_statements/,
    );
  });
});
