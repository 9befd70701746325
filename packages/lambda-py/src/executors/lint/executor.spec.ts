import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executorContext, usePrinted } from '../../testing/executor-context';
import { fakeEnvironment } from '../../testing/fake-environment';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import lintExecutor from './executor';
import type { LintExecutorSchema } from './schema';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const shown = usePrinted();

async function lint(
  options: LintExecutorSchema,
  tools: Readonly<Record<string, string>> = {},
  pyproject?: string,
) {
  const folder = makeFolder();
  setEnvironment({
    LAMBDA_PY_UV: fakeEnvironment(folder, { ruff: '', black: '', ...tools }),
  });
  if (pyproject !== undefined) folder.write('libs/a/pyproject.toml', pyproject);
  const result = await lintExecutor(
    options,
    executorContext(folder.path, 'libs/a'),
  );
  const calls = join(folder.path, 'calls');
  return {
    ...result,
    calls: existsSync(calls)
      ? readFileSync(calls, 'utf8').trim().split('\n').slice(1)
      : undefined,
  };
}

describe('the executor lint', () => {
  it.each([
    [{}, ['ruff check --no-cache -- libs/a', 'black --check -- libs/a']],
    [
      { fix: true },
      ['ruff check --no-cache --fix -- libs/a', 'black -- libs/a'],
    ],
    [
      { formatter: 'ruff' as const },
      [
        'ruff check --no-cache -- libs/a',
        'ruff format --config extend-exclude = ["*.md"] --check -- libs/a',
      ],
    ],
  ])('%j', async (options, calls) => {
    expect(await lint(options)).toEqual({ success: true, calls });
    expect(shown.lines).toEqual([]);
  });

  it('fails when a tool finds something, after both ran', async () => {
    const result = await lint({}, { ruff: 'echo unsorted; exit 1' });
    expect(result.success).toBe(false);
    expect(result.calls).toHaveLength(2);
    expect(shown.output).toBe('unsorted\n');
  });

  it('fails where a member is imported and not declared, and names the command', async () => {
    const folder = makeFolder();
    setEnvironment({
      LAMBDA_PY_UV: fakeEnvironment(folder, {
        ruff: `case "$2" in @*) cat "${folder.path}/findings";; esac`,
        black: '',
      }),
    });
    folder.write(
      'findings',
      JSON.stringify([
        {
          code: 'TID251',
          filename: join(folder.path, 'libs/a/src/a/app.py'),
          message: '`b` is banned: b',
          location: { row: 3, column: 1 },
        },
      ]),
    );
    folder.write(
      'pyproject.toml',
      '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
    );
    folder.write('libs/a/src/a/app.py', '\n\nimport b\n');
    folder.write('libs/b/pyproject.toml', '[project]\nname = "b"\n');
    const context = executorContext(folder.path, 'libs/a');
    const { projects } = context.projectsConfigurations;
    Object.assign(projects, { b: { root: 'libs/b' } });
    expect(await lintExecutor({}, context)).toEqual({ success: false });
    expect(shown.output).toBe(
      [
        'libs/a/src/a/app.py:3:1: undeclared import of the workspace package "b"',
        '  mend:     uv add --package a b && nx sync',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [
      'a table that is wrong',
      '[project]\nname = "a"\n[tool.lambda-py]\nmemory = 1\n',
      'error: libs/a/pyproject.toml: [tool.lambda-py]: unknown key\n  found:    memory\n  expected: the keys handler, runtime, architecture, source, layers, layer, bytecode, provided, include, exclude, strip, botocore-services, budgets, audit-ignore, tags, pip-tools\n  mend:     edit libs/a/pyproject.toml',
    ],
    [
      'a service without [project]',
      '[tool.lambda-py]\nhandler = "a.b"\nruntime = "python3.13"\n',
      'error: libs/a/pyproject.toml: [project]: a service needs the table [project]\n  mend:     add [project] with a name to libs/a/pyproject.toml',
    ],
  ])(
    'shows %s as its message alone, before any tool runs',
    async (_, pyproject, message) => {
      expect(await lint({}, {}, pyproject)).toEqual({
        success: false,
        calls: undefined,
      });
      expect(shown.lines).toEqual([message]);
    },
  );

  it('shows the stack of what is no mistake of the user', async () => {
    const context = { ...executorContext('/nowhere', 'x'), projectName: 'b' };
    expect(await lintExecutor({}, context)).toEqual({ success: false });
    expect(shown.lines).toEqual([
      expect.stringMatching(
        /^error: Error: Nx ran an executor without a project: "b"\n +at /,
      ),
    ]);
  });
});
