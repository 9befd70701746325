import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executorContext, usePrinted } from '../../testing/executor-context';
import { fakeEnvironment } from '../../testing/fake-environment';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import formatExecutor from './executor';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const shown = usePrinted();

describe('the executor format', () => {
  it.each([
    [{}, 'black -- libs/a'],
    [{ formatter: 'black' as const }, 'black -- libs/a'],
    [
      { formatter: 'ruff' as const },
      'ruff format --config extend-exclude = ["*.md"] -- libs/a',
    ],
  ])('sorts imports and formats: %j', async (options, call) => {
    const folder = makeFolder();
    const uv = fakeEnvironment(folder, { ruff: '', black: '' });
    setEnvironment({ LAMBDA_PY_UV: uv });
    const context = executorContext(folder.path, 'libs/a');
    expect(await formatExecutor(options, context)).toEqual({ success: true });
    const calls = readFileSync(join(folder.path, 'calls'), 'utf8').split('\n');
    expect(calls.slice(1, 3)).toEqual([
      'ruff check --no-cache --select I --fix -- libs/a',
      call,
    ]);
  });

  it('mends what ruff can mend besides', async () => {
    const folder = makeFolder();
    const uv = fakeEnvironment(folder, { ruff: '', black: '' });
    setEnvironment({ LAMBDA_PY_UV: uv });
    const context = executorContext(folder.path, 'libs/a');
    expect(await formatExecutor({ fix: true }, context)).toEqual({
      success: true,
    });
    const calls = readFileSync(join(folder.path, 'calls'), 'utf8').split('\n');
    expect(calls.slice(1, 3)).toEqual([
      'ruff check --no-cache --fix -- libs/a',
      'black -- libs/a',
    ]);
  });

  it.each([
    ['a tool fails', { ruff: '', black: 'exit 123' }, []],
    [
      'a tool is missing',
      { ruff: '' },
      [expect.stringContaining('error: the environment holds no black')],
    ],
  ])('fails when %s', async (_, tools: Record<string, string>, lines) => {
    const folder = makeFolder();
    setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, tools) });
    const context = executorContext(folder.path, 'libs/a');
    expect(await formatExecutor({}, context)).toEqual({ success: false });
    expect(shown.lines).toEqual(lines);
  });
});
