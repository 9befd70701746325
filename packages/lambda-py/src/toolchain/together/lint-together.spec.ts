import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../../testing/temporary-folder';
import type { TemporaryFolder } from '../../testing/temporary-folder';
import type { Formatter, LintWork } from '../lint';
import { findCleanProjects } from './lint-together';

const makeFolder = useTemporaryFolders();

/** A ruff and a black that find something in each file with the tool's name in it, and crash on one called `crash`. */
function makeWorkspace(files: readonly string[]): TemporaryFolder {
  const folder = makeFolder();
  for (const file of files) folder.write(file, '');
  const list = 'find "$@" -name "*.py" | sort | sed "s|^|$PWD/|"';
  const shift = 'while [ "$1" != -- ]; do shift; done; shift';
  folder.script(
    'ruff',
    `echo "ruff $*" >> "${folder.path}/calls"`,
    'words="$*"',
    shift,
    'find "$@" -name "crash.py" | grep -q . && exit 2',
    'case "$words" in',
    `  *--show-files*) ${list} ;;`,
    '  *json*) printf "["; separator=""',
    '    case "$words" in format*) kind=black ;; *) kind=ruff ;; esac',
    '    for file in $(find "$@" -name "*$kind*.py"); do',
    `      printf '%s{"filename": "%s"}' "$separator" "$PWD/$file"; separator=","`,
    '    done; echo "]"',
    '    if [ $kind = black ]; then log="[2026-01-01][00:00:00][ruff::format][DEBUG]"',
    '      find "$@" -type f | sed "s|^|$log format_path; path=$PWD/|" >&2',
    '      echo "$log Formatted $(find "$@" -type f | grep -c .) files in 1ms" >&2',
    '      [ ! -e warning ] || cat warning >&2',
    '    fi; [ -z "$separator" ] ;;',
    '  *) echo "All checks passed!" ;;',
    'esac',
  );
  folder.script(
    'black',
    `echo "black $*" >> "${folder.path}/calls"`,
    shift,
    'for file in $(find "$@" -name "*.py"); do case "$file" in',
    '  *black*) echo "would reformat $PWD/$file" >&2 ;;',
    '  *broken*) echo "error: cannot format $PWD/$file: Cannot parse" >&2 ;;',
    '  *) echo "$PWD/$file already well formatted, good job." >&2 ;;',
    'esac; done',
  );
  return folder;
}

async function find(
  folder: TemporaryFolder,
  projectRoots: readonly string[],
  work: LintWork = 'check',
  formatter: Formatter = 'black',
) {
  const clean = await findCleanProjects(
    { executable: (tool) => join(folder.path, tool) },
    {
      ...{ workspaceRoot: folder.path, projectRoots, formatter, work },
      ...{ parallel: 2, timeout: 60 },
    },
  );
  const calls = readFileSync(join(folder.path, 'calls'), 'utf8');
  return { clean: Object.fromEntries(clean), calls };
}

const FILES = [
  'libs/a/a.py',
  'libs/b/b.py',
  'libs/b/c.py',
  'libs/with-ruff/ruff.py',
  'libs/with-black/black.py',
  'libs/broken/broken.py',
  'libs/empty/README.md',
];
const ROOTS = [...new Set(FILES.map((file) => file.split('/', 2).join('/')))];

describe('findCleanProjects', () => {
  it('says of clean projects what the tools would, and nothing of any other', async () => {
    const { clean, calls } = await find(makeWorkspace(FILES), ROOTS);
    expect(clean).toEqual({
      'libs/a': {
        stdout: 'All checks passed!\n',
        stderr: 'All done! ✨ 🍰 ✨\n1 file would be left unchanged.\n',
      },
      'libs/b': {
        stdout: 'All checks passed!\n',
        stderr: 'All done! ✨ 🍰 ✨\n2 files would be left unchanged.\n',
      },
    });
    // Three of ruff, one of black, however many projects there are.
    expect(calls.trim().split('\n')).toHaveLength(4);
  });

  it('reads what black prints on Windows', async () => {
    const folder = makeWorkspace(['libs/a/a.py', 'libs/b/b.py']);
    folder.script(
      'black',
      `echo "black $*" >> "${folder.path}/calls"`,
      `printf '%s\\\\libs\\\\a\\\\a.py already well formatted, good job.\\r\\n' "$PWD" >&2`,
      `printf 'would reformat %s\\\\libs\\\\b\\\\b.py\\r\\n' "$PWD" >&2`,
      'exit 1',
    );
    const { clean } = await find(folder, ['libs/a', 'libs/b']);
    expect(Object.keys(clean)).toEqual(['libs/a']);
  });

  it.each(['fix', 'format'] as const)('changes nothing: %s', async (work) => {
    const { clean, calls } = await find(
      makeWorkspace(FILES),
      ['libs/a', 'libs/with-ruff'],
      work,
    );
    expect(clean['libs/a']?.stderr).toContain('1 file left unchanged');
    // ruff may mend only where there is nothing to mend.
    expect(calls).not.toMatch(/--fix.*with-ruff/);
    expect(calls).toMatch(/^black --check/m);
  });

  it('counts the files that ruff formats, which are more than those that it checks', async () => {
    const folder = makeWorkspace([...FILES, 'libs/b/README.md']);
    const roots = ['libs/a', 'libs/b', 'libs/with-black'];
    const { clean, calls } = await find(folder, roots, 'check', 'ruff');
    expect(clean).toEqual({
      'libs/a': {
        stdout: 'All checks passed!\n1 file already formatted\n',
        stderr: '',
      },
      'libs/b': {
        stdout: 'All checks passed!\n3 files already formatted\n',
        stderr: '',
      },
    });
    expect(calls.trim().split('\n')).toHaveLength(4);
  });

  it('says nothing where ruff has more to say than which files it formats', async () => {
    const folder = makeWorkspace(FILES);
    folder.write('warning', 'warning: a setting is deprecated\n');
    const roots = ['libs/a', 'libs/b'];
    const { clean, calls } = await find(folder, roots, 'check', 'ruff');
    expect(clean).toEqual({});
    expect(calls.trim().split('\n')).toHaveLength(4);
  });

  it('finds the project that crashes a tool', async () => {
    const folder = makeWorkspace([...FILES, 'libs/crash/crash.py']);
    const { clean } = await find(folder, [...ROOTS, 'libs/crash']);
    expect(Object.keys(clean).sort()).toEqual(['libs/a', 'libs/b']);
  });

  it('leaves a project with settings of black to its own run', async () => {
    const folder = makeWorkspace(FILES);
    folder.write('libs/a/pyproject.toml', '[tool.black]\nline-length = 60\n');
    expect((await find(folder, ['libs/a', 'libs/b'])).clean).not.toHaveProperty(
      'libs/a',
    );
    folder.write('pyproject.toml', '[tool.black]\nquiet = true\n');
    folder.write('calls', '');
    expect((await find(folder, ['libs/b'])).clean).toEqual({});
  });
});
