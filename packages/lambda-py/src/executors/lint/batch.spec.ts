import { fakeEnvironment } from '../../testing/fake-environment';
import { inBatchAndAlone } from '../../testing/batch';
import { BLACK, RUFF } from '../../testing/fake-linters';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import formatBatch from '../format/batch';
import formatExecutor from '../format/executor';
import batch from './batch';
import lintExecutor from './executor';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

function makeWorkspace(tools: Readonly<Record<string, string>>) {
  const folder = makeFolder();
  setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, tools) });
  folder.write('pyproject.toml', '');
  for (const name of ['a', 'b', 'ruff', 'black', 'crash', 'broken']) {
    folder.write(`libs/${name}/${name}.py`, '');
    folder.write(
      `libs/${name}/pyproject.toml`,
      name === 'broken' ? '[project\n' : `[project]\nname = "${name}"\n`,
    );
  }
  return folder;
}

const PROJECTS = Object.fromEntries(
  ['a', 'b', 'ruff', 'black', 'crash', 'broken'].map((name) => [
    `libs/${name}`,
    {},
  ]),
);

describe('the batches lint and format', () => {
  it('lint each project as alone, whatever the others do to the tools', async () => {
    const { path } = makeWorkspace({ ruff: RUFF, black: BLACK });
    const { together, alone } = await inBatchAndAlone(
      path,
      { ...PROJECTS, 'libs/b': { fix: true } },
      batch,
      lintExecutor,
    );
    expect(together).toEqual(alone);
    expect(
      Object.entries(together)
        .filter(([, { success }]) => success)
        .map(([name]) => name),
    ).toEqual(expect.arrayContaining(['a', 'b']));
    expect(together['crash']?.output).toContain('ruff was ended by SIGSEGV');
    expect(together['ruff']?.output).toContain('F401');
    expect(together['black']?.output).toContain('would reformat');
  });

  it('format each project as alone', async () => {
    const { path } = makeWorkspace({ ruff: RUFF, black: BLACK });
    const { together, alone } = await inBatchAndAlone(
      path,
      PROJECTS,
      formatBatch,
      formatExecutor,
    );
    expect(together).toEqual(alone);
    expect(together['a']?.success).toBe(true);
    expect(together['crash']?.success).toBe(false);
  });

  it.each([
    ['a tool is missing', { ruff: RUFF }, 'exit 0'],
    ['the environment cannot be made', { ruff: RUFF, black: BLACK }, 'exit 2'],
  ])(
    'tell each project that %s',
    async (_, tools: Readonly<Record<string, string>>, sync) => {
      const folder = makeWorkspace(tools);
      setEnvironment({ LAMBDA_PY_UV: fakeEnvironment(folder, tools, sync) });
      const { together, alone } = await inBatchAndAlone(
        folder.path,
        { 'libs/a': {}, 'libs/b': {} },
        batch,
        lintExecutor,
      );
      expect(together).toEqual(alone);
      expect(together['b']?.success).toBe(false);
      expect(together['b']?.output).not.toBe('');
    },
  );
});
