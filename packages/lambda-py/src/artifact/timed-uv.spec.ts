import { rejectionOf } from '../testing/errors';
import { fakeUv } from '../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { runTimedUv } from './timed-uv';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

function run(script: string, timeout: number, ...args: readonly string[]) {
  const folder = makeFolder();
  setEnvironment({
    LAMBDA_PY_UV: folder.script('uv', ...fakeUv('0.13.9'), script),
  });
  return runTimedUv(folder.path, { timeout, purpose: 'built x' }, args);
}

describe('runTimedUv', () => {
  it('gives what uv came to', async () => {
    expect(await run('echo no >&2; exit 2', 60, 'build')).toMatchObject({
      exitCode: 2,
      stderr: 'no\n',
    });
  });

  it.each([
    [
      'does not end',
      'sleep 60 & while :; do :; done',
      0.5,
      '"uv pip sync" was stopped after 0.5 s, before it had built x',
    ],
    [
      'prints without end',
      'exec yes "$(printf %01000d 0)"',
      60,
      '"uv pip sync" was stopped since it printed more than 20 MB, before it had built x',
    ],
  ])('stops one that %s, and says so', async (_, script, timeout, told) => {
    const message = await rejectionOf(
      run(script, timeout, 'pip', 'sync', '--quiet'),
    );

    expect(message).toContain(told);
    expect(message).toContain('the option "timeout" of the target pack');
  });
});
