import { useTemporaryFolders } from '../../testing/temporary-folder';
import { checkTypes } from '../typecheck';
import { checkTypesTogether, splitReport } from './typecheck-together';

const makeFolder = useTemporaryFolders();

describe('checkTypesTogether', () => {
  it('says of each project what pyright says of it alone', async () => {
    const folder = makeFolder();
    folder.write('pyrightconfig.json', '{ "typeCheckingMode": "strict" }');
    folder.write('libs/a/src/a.py', 'right: int = 1\n');
    folder.write('libs/b/src/b.py', 'wrong: int = "text"\nalso: str = 1\n');
    folder.write('libs/b/src/c.py', 'def f(x): return x\n');
    folder.write(
      'libs/c/src/c.py',
      'values: dict[str, list[int]] = {"a": ["b"]}\ndef g(:\n',
    );
    const projectRoots = ['libs/a', 'libs/b', 'libs/c'];
    const together = checkTypesTogether({
      workspaceRoot: folder.path,
      projectRoots,
      parallel: 2,
      timeout: 60,
    });
    for (const projectRoot of projectRoots) {
      let output = '';
      jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
        output += String(text);
        return true;
      });
      const passed = await checkTypes({
        workspaceRoot: folder.path,
        projectRoot,
        timeout: 60,
      });
      jest.restoreAllMocks();
      expect(await together.get(projectRoot)).toEqual({ passed, output });
    }
  });
});

describe('splitReport', () => {
  const split = (...lines: readonly string[]) =>
    splitReport([...lines, ''].join('\n'), '/work', ['libs/a', 'libs/b']);

  it('counts each severity, and not what a message goes on with', () => {
    expect(
      split(
        '/work/libs/b/b.py',
        '  /work/libs/b/b.py:1:2 - error: One',
        '    "x" - error: is no finding',
        '  /work/libs/b/b.py:2:2 - warning: Two (reportX)',
        '1 error, 1 warning, 0 informations',
      ),
    ).toEqual(
      new Map([
        [
          'libs/a',
          { passed: true, output: '0 errors, 0 warnings, 0 informations\n' },
        ],
        [
          'libs/b',
          {
            passed: false,
            output: [
              '/work/libs/b/b.py'.slice(6),
              '  libs/b/b.py:1:2 - error: One',
              '    "x" - error: is no finding',
              '  libs/b/b.py:2:2 - warning: Two (reportX)',
              '1 error, 1 warning, 0 informations\n',
            ].join('\n'),
          },
        ],
      ]),
    );
  });

  it.each([
    [['No source files found', '0 errors, 0 warnings, 0 informations']],
    [['/work/libs/c/c.py', '0 errors, 0 warnings, 0 informations']],
    [['Killed']],
    [[]],
  ])('says nothing of lines that it does not know: %j', (lines) => {
    expect(split(...lines)).toBeUndefined();
  });
});
