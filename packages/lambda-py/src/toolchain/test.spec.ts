import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rejectionOf } from '../testing/errors';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { spawnPytest } from './pytest/launcher';
import { runTests } from './test';
import type { TestOptions } from './test';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

let shown: string[];
beforeEach(() => {
  shown = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      shown.push(String(text));
      return true;
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
});

const REPORT = JSON.stringify({
  totals: {
    num_statements: 10,
    covered_lines: 9,
    num_branches: 2,
    covered_branches: 2,
  },
  files: {},
});

/** A pytest that writes a coverage report and ends with an exit status. */
function pytest(exitCode: number, report = REPORT): readonly string[] {
  return [
    'for argument in "$@"; do case "$argument" in',
    `  --cov-report=json:*) printf '%s' '${report}' > "\${argument#--cov-report=json:}" ;;`,
    '  --junitxml=*) echo "<testsuites/>" > "${argument#--junitxml=}" ;;',
    'esac; done',
    `exit ${exitCode}`,
  ];
}

async function run(
  script: readonly string[],
  options: Partial<TestOptions> = {},
) {
  const folder = makeFolder();
  folder.write('libs/a/pyproject.toml', '');
  folder.write('coverage/libs/a/coverage.json', REPORT);
  folder.write('coverage/libs/a/nested/coverage.json', REPORT);
  folder.script(
    'python',
    `printf '%s\\n' "$PWD" "$COVERAGE_FILE" "$@" > "${folder.path}/call"`,
    'echo data > "$COVERAGE_FILE"',
    ...script,
  );
  const printed: string[] = [];
  const passed = runTests(
    spawnPytest({ executable: (tool) => join(folder.path, tool) }, folder.path),
    {
      workspaceRoot: folder.path,
      projectRoot: 'libs/a',
      reportsFolder: 'coverage/libs/a',
      thresholds: { lines: 85, branches: 85 },
      args: [],
      timeout: 60,
      ...options,
    },
    (message) => printed.push(message),
  );
  await passed.catch(() => false);
  const has = (file: string): boolean => existsSync(join(folder.path, file));
  const call = readFileSync(join(folder.path, 'call'), 'utf8')
    .replaceAll(folder.path, '<root>')
    .trim()
    .split('\n');
  return { passed, printed, has, call };
}

describe('runTests', () => {
  it('runs pytest in the project, with coverage of lines and branches', async () => {
    const { passed, printed, call, has } = await run(pytest(0), {
      args: ['-x', 'a b'],
    });
    expect(await passed).toBe(true);
    expect(call).toEqual([
      '<root>/libs/a',
      '<root>/coverage/libs/a/.coverage',
      '-m',
      'pytest',
      '--cov',
      '--cov-branch',
      '--cov-report=term-missing:skip-covered',
      '--cov-report=json:<root>/coverage/libs/a/coverage.json',
      '--cov-report=lcov:<root>/coverage/libs/a/lcov.info',
      '--junitxml=<root>/coverage/libs/a/junit.xml',
      '-x',
      'a b',
    ]);
    expect(printed).toEqual([expect.stringMatching(/^coverage: 90\.0 % of/)]);
    expect(has('coverage/libs/a/.coverage')).toBe(false);
    expect(has('coverage/libs/a/coverage.json')).toBe(true);
  });

  it('fails below a gate', async () => {
    const { passed, printed } = await run(pytest(0), {
      thresholds: { lines: 91, branches: 85 },
    });
    expect(await passed).toBe(false);
    expect(printed[0]).toContain('too few lines are covered');
  });

  it.each([
    [1, 'failed tests', []],
    [2, 'an interruption', []],
    [3, 'an internal error', []],
    [4, 'wrong usage', []],
    [5, 'no test at all', ['pytest found no test to run']],
  ])(
    'fails with exit status %i, %s, however good the coverage',
    async (exitCode, _, messages) => {
      const { passed, printed } = await run(pytest(exitCode));
      expect(await passed).toBe(false);
      expect(printed).toEqual(messages);
    },
  );

  it.each([[0], [1], [3]])(
    'fails where a test ends the process, with status %i',
    async (exitCode) => {
      const { passed, printed } = await run([`exit ${exitCode}`]);
      expect(await passed).toBe(false);
      expect(printed).toEqual([
        `pytest did not come to its end: a test, or what it calls, ended the process with status ${exitCode}`,
      ]);
    },
  );

  it('ends a test that does not end, and what it has started', async () => {
    const { passed } = await run(['sleep 60 & sleep 60'], { timeout: 0.2 });
    expect(await passed).toBe(false);
    expect(shown.join('')).toContain(
      'pytest was stopped after 0.2 s; the option "timeout" sets the limit',
    );
  });

  it('does not judge coverage where only some tests ran', async () => {
    const { passed, printed, call } = await run(pytest(0), {
      keyword: 'one or two',
      thresholds: { lines: 100, branches: 100 },
    });
    expect(await passed).toBe(true);
    expect(call.slice(-2)).toEqual(['-k', 'one or two']);
    expect(printed).toEqual([
      'coverage is not judged: only some of the tests ran',
    ]);
  });

  it('never judges the report of an earlier run, and keeps that of another project', async () => {
    const { passed, has } = await run([
      'echo "<testsuites/>" > "$PWD/../../coverage/libs/a/junit.xml"; exit 0',
    ]);
    expect(await rejectionOf(passed)).toBe(
      [
        'pytest wrote no coverage report, so coverage cannot be judged',
        '  expected: coverage/libs/a/coverage.json',
        '  mend:     run pytest without "--no-cov" and with the plugin pytest-cov',
      ].join('\n'),
    );
    expect(has('coverage/libs/a/coverage.json')).toBe(false);
    expect(has('coverage/libs/a/nested/coverage.json')).toBe(true);
  });

  it('runs without colours', async () => {
    setEnvironment({ FORCE_COLOR: 'true' });
    const { passed } = await run([
      '[ -z "$FORCE_COLOR" ] && [ "$NO_COLOR" = 1 ] || exit 1',
      ...pytest(0),
    ]);
    expect(await passed).toBe(true);
  });

  it('runs alike in any locale and time zone', async () => {
    setEnvironment({ LC_ALL: 'C', TZ: 'Asia/Kolkata' });
    const { passed } = await run([
      '[ "$PYTHONUTF8" = 1 ] && [ "$TZ" = :UTC ] || exit 1',
      ...pytest(0),
    ]);
    expect(await passed).toBe(true);
  });

  it('prints no path of this machine', async () => {
    await run(['echo "rootdir: $PWD"', ...pytest(0)]);
    expect(shown).toContain('rootdir: libs/a\n');
  });
});
