import { failureOf } from '../testing/errors';
import { parsePyproject } from '../workspace/pyproject';
import { requireAgreement } from './member-agreement';
import type { MemberTerms } from './member-agreement';
import { sampleRuntime } from './testing/samples';

const FILE = 'libs/kit/pyproject.toml';

function agree(lines: readonly string[], terms: Partial<MemberTerms> = {}) {
  const text = ['[project]', 'name = "kit"', ...lines].join('\n');
  requireAgreement(parsePyproject(text, FILE), {
    runtime: sampleRuntime('python3.10'),
    ...terms,
  });
}

describe('requireAgreement', () => {
  it('refuses a member that does not run on the runtime', () => {
    expect(
      failureOf(() => {
        agree(['requires-python = ">=3.11"']);
      }),
    ).toBe(
      [
        `${FILE}: [project] requires-python: the project is not made for python3.10, which it is packed for`,
        '  found:    >=3.11',
        '  expected: a range with Python 3.10',
        '  mend:     change requires-python, then "uv lock" and "nx sync"; or choose another runtime in [tool.lambda-py]',
      ].join('\n'),
    );
  });

  it('refuses dependencies that are not locked', () => {
    expect(
      failureOf(() => {
        agree(['dependencies = ["six"]'], { lockedDependencies: {} });
      }),
    ).toBe(
      [
        `${FILE}: [project] dependencies: uv.lock is older than these dependencies`,
        '  found:    six, which uv.lock does not have',
        '  expected: the dependencies that uv.lock was made from',
        '  mend:     uv lock && nx sync',
      ].join('\n'),
    );
  });

  it.each([
    [
      'what agrees',
      ['requires-python = ">=3.10"', 'dependencies = ["six"]'],
      { lockedDependencies: { six: '' } },
    ],
    ['what a build backend tells', ['dynamic = ["dependencies"]'], {}],
    ['what uv.lock does not keep', ['dependencies = ["six"]'], {}],
    ['a member that says nothing', [], { lockedDependencies: {} }],
  ])('lets pass %s', (_, lines, terms) => {
    expect(() => {
      agree(lines, terms);
    }).not.toThrow();
  });
});
