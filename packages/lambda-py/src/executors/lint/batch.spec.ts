import { fakeEnvironment } from '../../testing/fake-environment';
import { inBatchAndAlone } from '../../testing/batch';
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

const SHIFT = 'while [ "$1" != -- ]; do shift; done; shift';
/** Finds something in each file with its name in it; ends itself by a signal on one that is called `crash`. */
const RUFF = [
  'words="$*"',
  SHIFT,
  'find "$@" -name "crash.py" | grep -q . && kill -SEGV $$',
  'case "$words" in',
  '  *--show-files*) find "$@" -name "*.py" | sort | sed "s|^|$PWD/|" ;;',
  '  *json*) printf "["; separator=""',
  '    for file in $(find "$@" -name "*ruff*.py"); do',
  `      printf '%s{"filename": "%s"}' "$separator" "$PWD/$file"; separator=","`,
  '    done; echo "]"; [ -z "$separator" ] ;;',
  '  *) found=$(find "$@" -name "*ruff*.py")',
  '    [ -z "$found" ] && echo "All checks passed!" && exit 0',
  '    echo "$found: F401"; exit 1 ;;',
  'esac',
].join('\n');
const BLACK = [
  'case "$*" in *--verbose*) verbose=1 ;; esac',
  'case "$*" in *--check*) would="would be " ;; esac',
  SHIFT,
  'count=0; status=0',
  'for file in $(find "$@" -name "*.py"); do case "$file" in',
  '  *black*) echo "would reformat $PWD/$file" >&2; status=1 ;;',
  '  *) count=$((count + 1))',
  '    [ -z "$verbose" ] || echo "$PWD/$file already well formatted, good job." >&2 ;;',
  'esac; done',
  '[ $status = 0 ] || exit 1',
  '[ $count = 1 ] && s="" || s=s',
  'echo "All done! ✨ 🍰 ✨" >&2',
  'echo "$count file$s ${would}left unchanged." >&2',
].join('\n');

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
