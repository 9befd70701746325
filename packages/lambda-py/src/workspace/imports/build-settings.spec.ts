import { parseToml } from '../toml';
import { buildSettingsOf } from './build-settings';

const settingsOf = (text: string) =>
  buildSettingsOf(
    (parseToml(text, 'pyproject.toml') as Record<string, unknown>)['tool'],
    true,
  );

describe('buildSettingsOf', () => {
  it.each([
    [
      '[tool.uv.build-backend]\nmodule-root = ""\nmodule-name = "geo"',
      [''],
      ['geo'],
    ],
    [
      '[tool.uv.build-backend]\nmodule-name = ["geo", "acme.geo"]\nnamespace = true\nsource-exclude = ["tests"]',
      [],
      ['geo', 'acme.geo'],
    ],
    [
      '[tool.hatch.build.targets.wheel]\npackages = ["lib/geo"]\nexclude = ["lib/geo/tests"]\n[tool.hatch.build.targets.sdist]\ninclude = ["docs"]',
      ['lib/geo'],
      [],
    ],
    [
      '[tool.hatch.build.targets.wheel.sources]\n"lib/geo" = "geo"',
      ['lib/geo', 'geo'],
      [],
    ],
    [
      '[tool.setuptools]\npackage-dir = { "" = "lib" }\n[tool.setuptools.packages.find]\nwhere = ["python"]',
      ['lib', 'python'],
      [],
    ],
    [
      '[tool.poetry]\npackages = [{ include = "geo", from = "lib" }]',
      ['geo', 'lib'],
      [],
    ],
    ['[tool.pdm.build]\npackage-dir = "lib"', ['lib'], []],
    [
      '[tool.maturin]\npython-source = "python"\nmodule-name = "geo._geo"',
      ['python'],
      ['geo._geo'],
    ],
  ])('%s', (text, paths, moduleNames) => {
    expect(settingsOf(text)).toEqual({ isInstalled: true, paths, moduleNames });
  });

  it('tells of nothing but the defaults where there are no settings', () => {
    expect(settingsOf('[tool.uv]\npackage = true')).toBeUndefined();
    expect(buildSettingsOf(undefined, true)).toBeUndefined();
    expect(buildSettingsOf(undefined, false)).toEqual({
      isInstalled: false,
      paths: [],
      moduleNames: [],
    });
  });
});
