import { failureOf } from '../testing/errors';
import { requireHashes } from './required-hashes';
import { parseRequirements } from './requirements-list';
import { sampleRuntime } from './testing/samples';

const FILE = 'services/orders/requirements.txt';

function check(...lines: readonly string[]): void {
  requireHashes(parseRequirements(lines.join('\n'), FILE), FILE, {
    runtime: sampleRuntime('python3.12'),
    architecture: 'x86_64',
  });
}

describe('requireHashes', () => {
  it('names what has none, without its address', () => {
    expect(
      failureOf(() => {
        check(
          'six==1.17.0 \\\n    --hash=sha256:aa',
          "gitdep @ git+https://token@e.org/gitdep@c02c ; sys_platform == 'linux'",
          'plain==1.0',
          'by-url @ https://token@e.org/by_url-1.0-py3-none-any.whl',
        );
      }),
    ).toBe(
      [
        `${FILE}: not all of the locked requirements have a hash`,
        '  found:    gitdep is locked by git, which has none; plain is from an index that gives none; by-url is locked by URL without one',
        '  expected: distributions of an index that gives hashes, so that every pack installs the same',
        '  mend:     build a wheel into an index that gives hashes, or make it a member of the workspace; then "uv lock" and "nx sync"',
      ].join('\n'),
    );
  });

  it('passes over what the target does not need', () => {
    expect(() => {
      check(
        "gitdep @ git+https://e.org/gitdep@c02c ; sys_platform == 'win32'",
        "plain==1.0 ; python_full_version < '3.12'",
        "six==1.17.0 ; sys_platform == 'linux' \\\n    --hash=sha256:aa",
        'by-url @ https://e.org/by_url-1.0-py3-none-any.whl#sha256=aa',
      );
    }).not.toThrow();
  });
});
