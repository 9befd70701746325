import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import { checkTypes } from './typecheck';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

async function check(source: string, timeout = 60) {
  const folder = makeFolder();
  folder.write('pyrightconfig.json', '{ "typeCheckingMode": "strict" }');
  folder.write('libs/a/src/a.py', source);
  folder.write('libs/b/src/b.py', 'wrong: int = "text"\n');
  let printed = '';
  for (const stream of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
  }
  const passed = await checkTypes({
    workspaceRoot: folder.path,
    projectRoot: 'libs/a',
    timeout,
  });
  jest.restoreAllMocks();
  return { passed, printed };
}

describe('checkTypes', () => {
  it('passes a project whose types hold, whatever another one holds', async () => {
    const { passed, printed } = await check('right: int = 1\n');
    expect(printed).toContain('0 errors');
    expect(passed).toBe(true);
  });

  it('stops pyright where it takes too long', async () => {
    const { passed, printed } = await check('right: int = 1\n', 0.05);
    expect(passed).toBe(false);
    expect(printed).toContain(
      'pyright was stopped after 0.05 s; the option "timeout" sets the limit',
    );
  });

  it('shows what the root’s settings find, without colours', async () => {
    setEnvironment({ FORCE_COLOR: 'true' });
    const { passed, printed } = await check('def f(x): return x\n');
    expect(passed).toBe(false);
    expect(printed).toContain('reportMissingParameterType');
    expect(printed).not.toContain('\u001b[');
    expect(printed).not.toContain('NO_COLOR');
  });
});
