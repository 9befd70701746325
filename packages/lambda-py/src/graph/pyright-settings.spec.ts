import {
  pyrightInputs,
  pyrightPathsOf,
  pyrightPathsOfJson,
} from './pyright-settings';

describe('the paths in settings of pyright', () => {
  it('are found in a JSON with comments', () => {
    expect(
      pyrightPathsOfJson(
        [
          '{ // "stubPath": "old",',
          '  "extends": "./config/base.json", /* strict */',
          '  "stubPath" : "my \\"stubs",',
          '  "include": ["src"],',
          '  "executionEnvironments": [{ "root": "a", "extraPaths": ["b", "c",] }],',
          '}',
        ].join('\n'),
      ),
    ).toEqual({
      extends: ['./config/base.json'],
      folders: ['old', 'my "stubs', 'b', 'c'],
    });
  });

  it('are found in a table', () => {
    expect(
      pyrightPathsOf({
        extends: 'a.json',
        stubPath: 'stubs',
        executionEnvironments: [{ root: 'x', extraPaths: ['b', 1] }],
      }),
    ).toEqual({ extends: ['a.json'], folders: ['stubs', 'b'] });
    expect(pyrightPathsOf({ strict: ['x'] })).toBeUndefined();
    expect(pyrightPathsOf('x')).toBeUndefined();
  });
});

describe('pyrightInputs', () => {
  const inputsOf = (
    files: Readonly<Record<string, string>>,
    projectRoots: readonly string[] = ['libs/a'],
  ) =>
    pyrightInputs(
      'pyrightconfig.json',
      (file) => {
        const text = files[file];
        return text === undefined ? undefined : pyrightPathsOfJson(text);
      },
      projectRoots,
    );

  it('follows settings from file to file, each from its own folder', () => {
    expect(
      inputsOf({
        'pyrightconfig.json': '{ "extends": "config/base.json" }',
        'config/base.json': '{ "extends": "../more.json", "stubPath": "s/" }',
        'more.json': '{ "extends": "pyrightconfig.json" }',
      }),
    ).toEqual([
      '{workspaceRoot}/config/base.json',
      '{workspaceRoot}/more.json',
      '{workspaceRoot}/config/s/**/*.py',
      '{workspaceRoot}/config/s/**/*.pyi',
      '{workspaceRoot}/config/s/**/py.typed',
    ]);
  });

  it('leaves out what projects hold, what holds projects, and what is outside', () => {
    const paths = ['libs/a/src', 'libs', '.', '../kit', '/opt/kit', 'lib'];
    expect(
      inputsOf({
        'pyrightconfig.json': `{ "extraPaths": ${JSON.stringify(paths)}, "extends": "../x.json" }`,
      }),
    ).toEqual([
      '{workspaceRoot}/lib/**/*.py',
      '{workspaceRoot}/lib/**/*.pyi',
      '{workspaceRoot}/lib/**/py.typed',
    ]);
  });
});
