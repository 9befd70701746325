import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { executorContext, usePrinted } from '../../testing/executor-context';
import { fakeEnvironment } from '../../testing/fake-environment';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import testExecutor from './executor';
import type { TestExecutorSchema } from './schema';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const shown = usePrinted();

/** Runs the executor on tests that cover 84 of 100 lines and 86 of 100 branches. */
async function test(options: TestExecutorSchema) {
  const folder = makeFolder();
  const report = JSON.stringify({
    totals: {
      num_statements: 100,
      covered_lines: 84,
      num_branches: 100,
      covered_branches: 86,
    },
    files: {},
  });
  const file = join(folder.path, 'coverage/libs/a/coverage.json');
  const junit = join(folder.path, 'coverage/libs/a/junit.xml');
  const python = `printf '%s' '${report}' > "${file}"; echo > "${junit}"`;
  setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, { python }) });
  const result = await testExecutor(
    options,
    executorContext(folder.path, 'libs/a'),
  );
  return {
    ...result,
    calls: readFileSync(join(folder.path, 'calls'), 'utf8'),
  };
}

describe('the executor test', () => {
  it.each([
    [{}, false, '84.0 % of lines (84 of 100, at least 85 %)'],
    [{ lines: 84 }, true, '86.0 % of branches (86 of 100, at least 85 %)'],
    [{ lines: 84, branches: 87 }, false, 'too few branches are covered'],
    [{ lines: 0, branches: 0 }, true, 'at least 0 %'],
  ])(
    'gates lines and branches at 85 %% each: %j',
    async (options, success, message) => {
      expect(await test(options)).toMatchObject({ success });
      expect(shown.lines).toEqual([expect.stringContaining(message)]);
      expect(shown.lines[0]).toMatch(/^info: coverage: /);
    },
  );

  it('passes the keyword and further arguments on', async () => {
    const { success, calls } = await test({ keyword: 'one', args: ['-x'] });
    expect(success).toBe(true);
    expect(calls).toMatch(/junit\.xml -k one -x\n$/);
  });
});
