import { inputsOfEveryTest, loadedByEveryTest } from './pytest-entry-points';
import type { JudgedProject } from './requirements-freshness';

function member(
  name: string,
  dependencyNames: readonly string[] = [],
  more: Partial<JudgedProject> = {},
): JudgedProject {
  return {
    name,
    projectRoot: `libs/${name}`,
    tags: [],
    isService: false,
    hasSourceFolder: true,
    isSourceLayout: false,
    hasReadme: false,
    hasPytestSettings: false,
    isLayer: false,
    layers: [],
    infrastructureKinds: [],
    dependencyNames,
    lockedNames: [],
    pathDependencies: [],
    requirementsAreFresh: true,
    ...more,
  };
}
const PLUGIN = { isPytestPlugin: true } as const;

describe('loadedByEveryTest', () => {
  it('finds plugins, and what they depend on, one after another', () => {
    expect([
      ...loadedByEveryTest([
        member('user', ['kit']),
        member('kit', ['seeds', 'faker'], PLUGIN),
        member('seeds', [], { lockedNames: ['rows'] }),
        member('rows', ['kit']),
      ]),
    ]).toEqual(['kit', 'seeds', 'rows']);
  });

  it('is none without a plugin', () => {
    expect(loadedByEveryTest([member('a', ['b']), member('b')]).size).toBe(0);
  });
});

describe('inputsOfEveryTest', () => {
  it('has what the wheels are made from', () => {
    expect(
      inputsOfEveryTest([
        member('user', ['kit']),
        member('kit', ['seeds'], { ...PLUGIN, isSourceLayout: true }),
        member('seeds', [], { pathDependencies: ['vendor/rows'] }),
      ]),
    ).toEqual([
      '{workspaceRoot}/libs/kit/**/*',
      ...[
        ...['local.env', '.venv/**/*', 'tests/**/*', 'events/**/*'],
        ...['infra/**/*', 'docs/**/*', 'ruff.toml', '.ruff.toml'],
        ...['pytest.ini', '.coveragerc', 'README.md'],
      ].map((file) => `!{workspaceRoot}/libs/kit/${file}`),
      '{workspaceRoot}/libs/seeds/**/*',
      '!{workspaceRoot}/libs/seeds/local.env',
      '!{workspaceRoot}/libs/seeds/.venv/**/*',
      '{workspaceRoot}/vendor/rows/**/*',
    ]);
  });

  it('has uv.lock while what they require is not exported', () => {
    expect(
      inputsOfEveryTest([
        member('kit', [], { ...PLUGIN, requirementsAreFresh: false }),
      ]),
    ).toContain('{workspaceRoot}/uv.lock');
    expect(
      inputsOfEveryTest([
        member('user', [], { requirementsAreFresh: false }),
        member('kit', [], PLUGIN),
      ]),
    ).not.toContain('{workspaceRoot}/uv.lock');
  });

  it('knows a plugin in the root', () => {
    expect(
      inputsOfEveryTest([member('kit', [], { ...PLUGIN, projectRoot: '.' })]),
    ).toContain('{workspaceRoot}/**/*');
  });

  it('is none without a plugin', () => {
    expect(
      inputsOfEveryTest([member('a', [], { requirementsAreFresh: false })]),
    ).toEqual([]);
  });
});
