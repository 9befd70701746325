import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { executorContext, usePrinted } from '../../testing/executor-context';
import { fakeEnvironment } from '../../testing/fake-environment';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import typecheckExecutor from './executor';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const shown = usePrinted();

describe('the executor typecheck', () => {
  it.each([
    [true, 'right: int = 1\n'],
    [false, 'wrong: int = "text"\n'],
  ])('succeeds: %p, for %j', async (success, source) => {
    const folder = makeFolder();
    setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, { python: '' }) });
    folder.write('pyrightconfig.json', '{}');
    folder.write('libs/a/src/a.py', source);
    const context = executorContext(folder.path, 'libs/a');
    expect(await typecheckExecutor({}, context)).toEqual({ success });
    expect(shown.output).toContain(success ? '0 errors' : '1 error');
    expect(readFileSync(join(folder.path, 'calls'), 'utf8')).toBe(
      'uv sync --all-packages --locked\n',
    );
  });

  it('shows what is wrong with the environment', async () => {
    const folder = makeFolder();
    setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, {}) });
    rmSync(join(folder.path, 'uv.lock'));
    const context = executorContext(folder.path, 'libs/a');
    expect(await typecheckExecutor({}, context)).toEqual({ success: false });
    expect(shown.lines).toEqual([
      'error: uv.lock: the lock file is missing\n  mend:     uv lock',
    ]);
  });
});
