import { readdirSync, readFileSync } from 'node:fs';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import { parseImports } from './parse-imports';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();

const banned = (filename: string, name: string, row: number) => ({
  code: 'TID251',
  filename,
  message: `\`${name}\` is banned: ${name}`,
  location: { row, column: 5 },
});

/** A ruff that writes down its arguments and its environment, then prints. */
function fakeRuff(output: string, exitCode = 0) {
  const folder = makeFolder();
  const ruff = folder.script(
    'ruff',
    `echo "$1" > "${folder.path}/arguments"`,
    `cat "\${2#@}" >> "${folder.path}/arguments"`,
    `env > "${folder.path}/environment"`,
    `cat "${folder.write('output', output)}"`,
    `exit ${exitCode}`,
  );
  return { ...folder, ruff };
}

describe('parseImports', () => {
  it('reads where which name is imported, and what is no Python', async () => {
    const { ruff } = fakeRuff(
      JSON.stringify([
        banned('/w/a.py', 'shared', 3),
        banned('/w/a.py', 'acme.shared', 9),
        { ...banned('/w/b.py', '', 1), code: 'invalid-syntax' },
        { ...banned('/w/c.py', '', 1), code: null },
      ]),
    );
    expect(await parseImports(ruff, ['/w'], ['shared'])).toEqual({
      imports: [
        { file: '/w/a.py', line: 3, column: 5, importName: 'shared' },
        { file: '/w/a.py', line: 9, column: 5, importName: 'acme.shared' },
      ],
      unparsed: new Set(['/w/b.py', '/w/c.py']),
    });
  });

  it('asks for the names alone, whatever the settings of the user', async () => {
    const { ruff, path } = fakeRuff('[]');
    setEnvironment({ RUFF_NO_CACHE: 'false' });
    await parseImports(ruff, ['/w/a b.py', '/w/c.py'], ['x', 'acme.y']);
    const args = readFileSync(`${path}/arguments`, 'utf8').split('\n');
    expect(args[0]).toBe('check');
    expect(args).toContain('--isolated');
    expect(args).toContain('--ignore-noqa');
    expect(args.slice(-4)).toEqual([
      'lint.flake8-tidy-imports.banned-api = { "x" = { msg = "x" }, "acme.y" = { msg = "acme.y" } }',
      '--',
      '/w/a b.py',
      '/w/c.py',
    ]);
    expect(readFileSync(`${path}/environment`, 'utf8')).not.toContain('RUFF_');
  });

  it.each([
    ['fails', () => fakeRuff('[]', 2).ruff],
    ['prints no JSON', () => fakeRuff('oops').ruff],
    ['prints other JSON', () => fakeRuff('{"a": 1}').ruff],
    ['cannot be started', () => '/nowhere/ruff'],
  ])('gives up where ruff %s, and leaves nothing behind', async (_, make) => {
    const temporary = makeFolder().path;
    setEnvironment({ TMPDIR: temporary });
    expect(await parseImports(make(), ['/w'], ['x'])).toBeUndefined();
    expect(readdirSync(temporary)).toEqual([]);
  });
});
