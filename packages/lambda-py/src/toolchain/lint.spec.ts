import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { lint } from './lint';
import type { Formatter, LintWork } from './lint';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
let printed = '';

beforeEach(() => {
  printed = '';
  for (const stream of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function run(
  work: LintWork,
  scripts: Readonly<Record<string, string>> = {},
  formatter: Formatter = 'black',
  timeout = 60,
) {
  const folder = makeFolder();
  const calls = join(folder.path, 'calls');
  for (const tool of ['ruff', 'black']) {
    folder.script(
      tool,
      `echo "${tool} $*" >> "${calls}"`,
      scripts[tool] ?? 'exit 0',
    );
  }
  const passed = await lint(
    { executable: (tool) => join(folder.path, tool) },
    { workspaceRoot: folder.path, projectRoot: 'libs/a', formatter, timeout },
    work,
  );
  return { passed, calls: readFileSync(calls, 'utf8').trim().split('\n') };
}

describe('lint and format', () => {
  it.each([
    [
      'check',
      'black',
      ['ruff check --no-cache -- libs/a', 'black --check -- libs/a'],
    ],
    [
      'check',
      'ruff',
      [
        'ruff check --no-cache -- libs/a',
        'ruff format --config extend-exclude = ["*.md"] --check -- libs/a',
      ],
    ],
    [
      'fix',
      'black',
      ['ruff check --no-cache --fix -- libs/a', 'black -- libs/a'],
    ],
    [
      'fix',
      'ruff',
      [
        'ruff check --no-cache --fix -- libs/a',
        'ruff format --config extend-exclude = ["*.md"] -- libs/a',
      ],
    ],
    [
      'format',
      'black',
      ['ruff check --no-cache --select I --fix -- libs/a', 'black -- libs/a'],
    ],
    [
      'format',
      'ruff',
      [
        'ruff check --no-cache --select I --fix -- libs/a',
        'ruff format --config extend-exclude = ["*.md"] -- libs/a',
      ],
    ],
  ] as const)('%s runs both tools (%s)', async (work, formatter, calls) => {
    expect(await run(work, {}, formatter)).toEqual({ passed: true, calls });
  });

  it.each([
    ['ruff', { ruff: 'echo unsorted; exit 1' }, 'unsorted\n'],
    ['black', { black: 'echo would reformat >&2; exit 1' }, 'would reformat\n'],
    [
      'both',
      {
        ruff: 'echo unsorted; exit 1',
        black: 'echo would reformat >&2; exit 1',
      },
      'unsorted\nwould reformat\n',
    ],
    [
      'a tool that crashed',
      { ruff: 'kill -KILL $$' },
      'ruff was ended by SIGKILL: by the system where memory ran out, or by somebody\n',
    ],
  ])(
    'reports what %s found, and fails',
    async (_, scripts: Record<string, string>, output) => {
      const { passed, calls } = await run('check', scripts);
      expect(passed).toBe(false);
      expect(calls).toHaveLength(2);
      expect(printed).toBe(output);
    },
  );

  it('stops a tool that does not end, and runs the other one', async () => {
    const { passed, calls } = await run(
      'check',
      { ruff: 'sleep 60' },
      'black',
      0.2,
    );
    expect(passed).toBe(false);
    expect(calls).toHaveLength(2);
    expect(printed).toBe(
      'ruff was stopped after 0.2 s; the option "timeout" sets the limit\n',
    );
  });

  it('runs the tools without colours, although Nx asks for them', async () => {
    setEnvironment({ FORCE_COLOR: 'true', KEPT: 'yes' });
    const { passed } = await run('check', {
      ruff: 'echo "[$FORCE_COLOR] [$NO_COLOR] [$KEPT]"',
    });
    expect(passed).toBe(true);
    expect(printed).toBe('[] [1] [yes]\n');
  });
});
