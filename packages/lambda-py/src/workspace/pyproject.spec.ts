import { failureOf } from '../testing/errors';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { parsePyproject, readPyproject } from './pyproject';

const makeFolder = useTemporaryFolders();
const FILE = 'libs/a/pyproject.toml';

function dependencyNames(...lines: readonly string[]): readonly string[] {
  return parsePyproject(lines.join('\n'), FILE).dependencyNames;
}

describe('parsePyproject', () => {
  it('reads what the product needs', () => {
    expect(
      parsePyproject(
        [
          '[project]',
          'name = "Order_Events"',
          'description = "What happened"',
          'requires-python = ">=3.11"',
          'dependencies = ["Six >= 1"]',
          '[build-system]',
          'build-backend = "uv_build"',
          '[tool.uv]',
          'package = false',
          '[tool.uv.workspace]',
          'members = ["libs/*"]',
          '[tool.lambda-py]',
          'tags = ["a"]',
          '[tool.other]',
          'key = 1',
        ].join('\n'),
        FILE,
      ),
    ).toEqual({
      file: FILE,
      project: { name: 'order-events', description: 'What happened' },
      buildBackend: 'uv_build',
      isBackendInTree: false,
      tools: {},
      hasPytestSettings: false,
      hasReadme: false,
      isBuiltByDefault: true,
      isPackage: false,
      buildSettings: { isInstalled: false, paths: [], moduleNames: [] },
      uvWorkspace: { members: ['libs/*'], exclude: [] },
      dependencies: ['Six >= 1'],
      requiresPython: '>=3.11',
      dependencyNames: ['six'],
      lambdaPy: { tags: ['a'] },
    });
  });

  it('knows no dependencies that a build backend tells', () => {
    const text = '[project]\nname = "a"\ndynamic = ["dependencies"]\n';
    expect(parsePyproject(text, FILE).dependencies).toBeUndefined();
    expect(
      parsePyproject('[project]\nname = "a"\n', FILE).dependencies,
    ).toEqual([]);
  });

  it('tells a backend of the project itself', () => {
    const text =
      '[build-system]\nbuild-backend = "uv_build"\nbackend-path = ["."]\n';
    expect(parsePyproject(text, FILE).isBackendInTree).toBe(true);
  });

  it('takes a readme in a folder for a setting of the backend', () => {
    const isBuiltByDefault = (readme: string): boolean =>
      parsePyproject(
        `[project]\nname = "a"\nreadme = "${readme}"\n[build-system]\nbuild-backend = "uv_build"\n`,
        FILE,
      ).isBuiltByDefault;
    expect(isBuiltByDefault('README.md')).toBe(true);
    expect(isBuiltByDefault('docs/intro.md')).toBe(false);
  });

  it('reads an empty file', () => {
    expect(parsePyproject('', FILE)).toEqual({
      file: FILE,
      isBackendInTree: false,
      tools: {},
      isPackage: true,
      hasPytestSettings: false,
      hasReadme: false,
      isBuiltByDefault: false,
      // Nobody can import what is not built.
      buildSettings: { isInstalled: false, paths: [], moduleNames: [] },
      dependencyNames: [],
    });
  });

  it('tells where the modules stand only where that is not the default', () => {
    const text = '[build-system]\nbuild-backend = "uv_build"\n';
    expect(parsePyproject(text, FILE).buildSettings).toBeUndefined();
    expect(
      parsePyproject(`${text}[tool.uv.build-backend]\nmodule-root = ""\n`, FILE)
        .buildSettings,
    ).toEqual({ isInstalled: true, paths: [''], moduleNames: [] });
  });

  it.each([
    [
      'dependencies in every spelling',
      [
        '[project]',
        'name = "a"',
        'dependencies = ["Zope.Interface", "b_c>=1", "d[x,y]==2; sys_platform == \'linux\'", "e @ https://e.org/e.whl", " f "]',
      ],
      ['b-c', 'd', 'e', 'f', 'zope-interface'],
    ],
    [
      'extras',
      [
        '[project]',
        'name = "a"',
        '[project.optional-dependencies]',
        'x = ["b"]',
        'y = ["c", "b"]',
      ],
      ['b', 'c'],
    ],
    [
      'dependency groups, those that include another too',
      [
        '[dependency-groups]',
        'test = ["b"]',
        'dev = ["c", { include-group = "test" }]',
      ],
      ['b', 'c'],
    ],
    ['uv’s older groups', ['[tool.uv]', 'dev-dependencies = ["b"]'], ['b']],
    ['build requirements', ['[build-system]', 'requires = ["b>=1"]'], ['b']],
  ])('names the distributions of %s', (_, lines, names) => {
    expect(dependencyNames(...lines)).toEqual(names);
  });

  it.each([
    ['project = 1', 'project', '1', 'table'],
    ['[project]\nname = 3', 'project.name', '3', 'string'],
    [
      '[project]\nname = "a"\ndependencies = "b"',
      'project.dependencies',
      '"b"',
      'array',
    ],
    [
      '[project]\nname = "a"\ndependencies = [1]',
      'project.dependencies.0',
      '1',
      'string',
    ],
    [
      '[tool.uv.workspace]\nmembers = "libs/*"',
      'tool.uv.workspace.members',
      '"libs/*"',
      'array',
    ],
    ['[dependency-groups]\ndev = 1', 'dependency-groups.dev', '1', 'array'],
  ])('refuses %j', (text, location, found, expected) => {
    expect(failureOf(() => parsePyproject(text, FILE))).toBe(
      [
        `${FILE}: ${location}: the value is not one that the key takes`,
        `  found:    ${found}`,
        `  expected: ${expected}`,
        `  mend:     edit ${FILE}`,
      ].join('\n'),
    );
  });

  it('refuses a project without a name', () => {
    expect(failureOf(() => parsePyproject('[project]\n', FILE))).toBe(
      [
        `${FILE}: project.name: the key is missing`,
        `  mend:     edit ${FILE}`,
      ].join('\n'),
    );
    expect(
      failureOf(() => parsePyproject('[project]\nname = ""', FILE)),
    ).toContain('found:    ""\n  expected: a string that is not empty');
  });
});

describe('readPyproject', () => {
  it('reads a file of the workspace', () => {
    const workspace = makeFolder();
    workspace.write(FILE, '[project]\nname = "a"\n');
    expect(readPyproject(workspace.path, FILE).project).toEqual({ name: 'a' });
  });

  it('names a file that cannot be read', () => {
    const workspace = makeFolder();
    workspace.write(`${FILE}/x`, 'the file is a folder');
    expect(failureOf(() => readPyproject(workspace.path, 'no.toml'))).toContain(
      'no.toml: the file cannot be read\n  found:    ENOENT',
    );
    expect(failureOf(() => readPyproject(workspace.path, FILE))).toContain(
      'found:    EISDIR',
    );
  });
});
