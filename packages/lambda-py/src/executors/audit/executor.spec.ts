import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executorContext, usePrinted } from '../../testing/executor-context';
import { fakeEnvironment } from '../../testing/fake-environment';
import { lockText } from '../../testing/lock-files';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import { parseLockFile } from '../../workspace/lock-file';
import {
  memberRequirements,
  renderRequirements,
} from '../../workspace/requirements';
import auditExecutor from './executor';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const shown = usePrinted();

const LOCK = lockText([{ name: 'a', source: '{ editable = "libs/a" }' }]);
const SERVICE =
  '[project]\nname = "a"\n[tool.lambda-py]\nhandler = "a.handler.handler"\nruntime = "python3.13"\n';
const UV_CLEAN = `echo '{"summary":{"audited_packages":1},"vulnerabilities":[]}'`;

interface Bandit {
  readonly files?: readonly string[];
  readonly results?: readonly object[];
  readonly unread?: readonly object[];
}

/** A bandit that writes a report to the file that its last argument names. */
function bandit({ files = ['x'], results = [], unread = [] }: Bandit): string {
  const report = {
    runs: [
      {
        invocations: [{ toolConfigurationNotifications: unread }],
        properties: {
          metrics: Object.fromEntries(
            ['_totals', ...files].map((file) => [file, { loc: 1 }]),
          ),
        },
        results,
      },
    ],
  };
  return `for last; do :; done; echo '${JSON.stringify(report)}' > "$last"`;
}

const at = (uri: string, startLine?: number) => ({
  physicalLocation: {
    artifactLocation: { uri },
    ...(startLine === undefined ? {} : { region: { startLine } }),
  },
});

async function audit(
  tools: Readonly<Record<string, string>>,
  {
    pyproject = SERVICE,
    root = '',
    requirement = 'idna==3.20',
    files = { 'libs/a/src/a/x.py': '' },
    timeout = 60,
  }: {
    pyproject?: string;
    root?: string;
    requirement?: string;
    files?: Readonly<Record<string, string>>;
    timeout?: number;
  } = {},
) {
  const folder = makeFolder();
  setEnvironment({
    LAMBDA_PY_UV: fakeEnvironment(folder, {
      uv: UV_CLEAN,
      bandit: bandit({}),
      ...tools,
    }),
  });
  const owner = { projectName: 'a', projectRoot: 'libs/a' };
  const { digest } = memberRequirements(parseLockFile(LOCK), owner);
  for (const [file, text] of Object.entries({
    'pyproject.toml': root,
    'libs/a/pyproject.toml': pyproject,
    'libs/a/requirements.txt': renderRequirements(requirement, digest),
    ...files,
  })) {
    folder.write(file, text);
  }
  const { success } = await auditExecutor(
    { timeout },
    executorContext(folder.path, 'libs/a'),
  );
  const report = (name: string): string | undefined => {
    const path = join(folder.path, 'reports/libs/a', name);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  };
  const calls = readFileSync(join(folder.path, 'calls'), 'utf8');
  return { success, report, calls, last: shown.lines.at(-1) };
}

describe('the executor audit', () => {
  it('audits the closure and the code of a service', async () => {
    const { success, last, calls, report } = await audit({});

    expect(shown.lines).toEqual([
      'info: 1 locked distributions, 0 known vulnerabilities, 0 ignored',
      'info: 1 files of libs/a/src, 0 insecure places',
      'info: audit: clean',
    ]);
    expect(last).toBe('info: audit: clean');
    expect(success).toBe(true);
    expect(calls).toContain('--recursive libs/a/src');
    expect(report('vulnerabilities.sarif')).toContain('"results": []');
    expect(report('insecure-code.sarif')).toBeDefined();
  });

  it('audits the code alone of a library', async () => {
    const { success, calls, report } = await audit(
      {},
      { pyproject: '[project]\nname = "a"\n' },
    );

    expect(success).toBe(true);
    expect(calls).not.toContain('uv audit');
    expect(report('vulnerabilities.sarif')).toBeUndefined();
  });

  it('audits the closure alone of a layer without code', async () => {
    const { success, calls } = await audit(
      {},
      {
        pyproject: SERVICE.replace(/handler = .*/, 'layer = true'),
        files: {},
      },
    );

    expect(success).toBe(true);
    expect(calls).not.toContain('bandit');
  });

  it('looks through both though one fails, and tells both outcomes', async () => {
    const finding = {
      ruleId: 'B602',
      message: { text: 'shell=True' },
      locations: [at('libs/a/src/a/x%20y.py', 7)],
      properties: { issue_severity: 'HIGH', issue_confidence: 'LOW' },
    };
    const { success, last } = await audit({
      uv: 'echo "error: no route" >&2; exit 2',
      bandit: bandit({ results: [finding] }),
    });

    expect(success).toBe(false);
    expect(last).toBe('info: audit: vulnerable, and could not audit all of it');
    expect(shown.lines.join('\n')).toContain('error: no route');
    expect(shown.lines).toContain(
      'info: libs/a/src/a/x y.py:7: B602: shell=True [severity high, confidence low]',
    );
  });

  it('is vulnerable by insecure code alone', async () => {
    const finding = {
      ruleId: 'B1',
      message: { text: 'm' },
      locations: [],
      properties: { issue_severity: 'LOW', issue_confidence: 'LOW' },
    };
    const { success, last } = await audit({
      bandit: bandit({ results: [finding] }),
    });

    expect([success, last]).toEqual([false, 'info: audit: vulnerable']);
  });

  it('tells what bandit found beside what it could not read', async () => {
    const { success, last } = await audit({
      bandit: bandit({
        results: [
          {
            ruleId: 'B1',
            message: { text: 'm' },
            locations: [at('a.py', 1)],
            properties: { issue_severity: 'LOW', issue_confidence: 'LOW' },
          },
        ],
        unread: [
          { message: { text: 'syntax error' }, locations: [at('x.py')] },
        ],
      }),
    });

    expect(success).toBe(false);
    expect(last).toBe('info: audit: vulnerable, and could not audit all of it');
    expect(shown.lines.join('\n')).toContain('a.py:1: B1: m');
    expect(shown.lines.join('\n')).toContain('x.py: syntax error');
  });

  it.each([
    [
      'could not read a file',
      bandit({
        unread: [
          { message: { text: 'syntax error' }, locations: [at('x.py')] },
        ],
      }),
      'x.py: syntax error',
    ],
    ['read no file', bandit({ files: [] }), 'exclude_dirs'],
    ['wrote no report', 'true', 'bandit-sarif-formatter'],
    [
      'wrote another report',
      'for last; do :; done; echo {} > "$last"',
      'bandit could not look through',
    ],
    [
      'wrote half a report',
      'for last; do :; done; echo { > "$last"',
      'bandit could not look through',
    ],
    ['fails', 'echo "bad config"; exit 2', 'bad config'],
    ['crashes', 'kill -SEGV $$', 'bandit was ended by SIGSEGV'],
    [
      'does not end',
      'sleep 60',
      'bandit was stopped after 0.5 s; the option "timeout"',
    ],
  ])('could not audit where bandit %s', async (_, script, told) => {
    const timeout = script.startsWith('sleep') ? 0.5 : 60;
    const { success, last } = await audit({ bandit: script }, { timeout });

    expect([success, last]).toEqual([false, 'info: audit: could not audit']);
    expect(shown.lines.join('\n')).toContain(told);
  });

  it('takes no module for a pass where there is none', async () => {
    const { success } = await audit(
      { bandit: bandit({ files: [] }) },
      { files: { 'libs/a/src/a/data.json': '{}' } },
    );

    expect(success).toBe(true);
  });

  it('could not audit what is locked by URL, unless that is accepted', async () => {
    const requirement = 'idna==3.20\nkit @ git+https://git.example/kit@0123abc';
    const refused = await audit({}, { requirement });

    expect(refused.last).toBe('info: audit: could not audit');
    expect(shown.lines.join('\n')).toContain('kit is locked by URL or path');

    const accepted = await audit(
      {},
      {
        requirement,
        root: '[[tool.lambda-py.audit-ignore]]\npackage = "Kit"\nreason = "ours"\nexpires = "2999-01-01"\n',
      },
    );
    expect(accepted.success).toBe(true);
  });

  it('refuses requirements that were edited', async () => {
    const { success } = await audit(
      {},
      { files: { 'libs/a/requirements.txt': 'idna==3.20\n' } },
    );

    expect(success).toBe(false);
    expect(shown.lines.at(-1)).toContain('edited by hand');
  });
});
