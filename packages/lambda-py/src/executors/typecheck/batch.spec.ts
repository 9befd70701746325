import { inBatchAndAlone } from '../../testing/batch';
import { fakeEnvironment } from '../../testing/fake-environment';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import batch from './batch';
import typecheckExecutor from './executor';
import type { TypecheckExecutorSchema } from './schema';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

describe('the batch typecheck', () => {
  it('checks each project as alone', async () => {
    const folder = makeFolder();
    setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, { python: '' }) });
    folder.write('pyrightconfig.json', '{}');
    folder.write('libs/a/src/a.py', 'right: int = 1\n');
    folder.write('libs/b/src/b.py', 'wrong: int = "text"\n');
    folder.write('libs/c/src/c.py', 'def broken(:\n');
    // pyright says so, and that is all that it says of the three.
    folder.write('libs/empty/README.md', '');
    const projects = { 'libs/a': {}, 'libs/b': {}, 'libs/c': {} };
    for (const some of [projects, { ...projects, 'libs/empty': {} }]) {
      const { together, alone } =
        await inBatchAndAlone<TypecheckExecutorSchema>(
          folder.path,
          some,
          batch,
          typecheckExecutor,
        );
      expect(together).toEqual(alone);
      expect(together).toMatchObject({
        a: { success: true },
        b: { success: false },
        c: { success: false },
      });
    }
  });
});
