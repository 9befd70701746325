import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fakeUv } from '../testing/fake-python';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { recordedVersion } from './uv-record';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

function machine() {
  const [bin, workspace] = [makeFolder(), makeFolder()];
  setEnvironment({ PATH: bin.path });
  bin.script('uv', ...fakeUv('0.13.0'));
  let asked = 0;
  return {
    bin,
    workspace,
    ask: async (command = 'uv') => {
      const version = await recordedVersion(workspace.path, command, () => {
        asked += 1;
        return Promise.resolve(`answer ${asked}`);
      });
      return version;
    },
  };
}

describe('recordedVersion', () => {
  it('asks once, for as long as the executable is the same file', async () => {
    const { bin, workspace, ask } = machine();
    mkdirSync(join(workspace.path, '.nx/lambda-py'), { recursive: true });

    expect(await ask()).toBe('answer 1');
    expect(await ask()).toBe('answer 1');
    expect(await ask(join(bin.path, 'uv'))).toBe('answer 1');

    bin.script('uv', ...fakeUv('0.13.10'));
    expect(await ask()).toBe('answer 2');
  });

  it('goes by the PATH of the moment', async () => {
    const { workspace, ask } = machine();
    mkdirSync(join(workspace.path, '.nx/lambda-py'), { recursive: true });
    await ask();
    const other = makeFolder();
    other.script('uv', ...fakeUv('0.13.0'));
    setEnvironment({ PATH: other.path });

    expect(await ask()).toBe('answer 2');
  });

  it.each(['{', '[]', '{"stamp":1,"version":"0.13.0"}'])(
    'asks again where the record is %j',
    async (damaged) => {
      const { workspace, ask } = machine();
      workspace.write('.nx/lambda-py/uv.json', damaged);

      expect(await ask()).toBe('answer 1');
      expect(await ask()).toBe('answer 1');
    },
  );

  it('keeps nothing in a workspace without a cache, and nothing of what is not there', async () => {
    const { workspace, ask } = machine();
    await ask();
    expect(await ask()).toBe('answer 2');

    mkdirSync(join(workspace.path, '.nx/lambda-py'), { recursive: true });
    await ask('/nowhere/uv');
    expect(await ask('/nowhere/uv')).toBe('answer 4');
  });
});
