import { pluginsOfModule, pluginsOfSettings } from './pytest-plugins';

describe('pluginsOfModule', () => {
  it.each([
    [
      'pytest_plugins = ["testing_kit.plugin", \'other\']',
      ['testing_kit.plugin', 'other'],
    ],
    [
      'pytest_plugins: list[str] = []\npytest_plugins += (\n  "a.b",\n)',
      ['a.b'],
    ],
    ['pytest_plugins = "a, b.c"', ['a', 'b.c']],
    ['pytest_plugins = ["not a name", "/path"]', []],
    ['plugins = ["a"]', []],
  ])('%j', (text, names) => {
    expect(pluginsOfModule(text)).toEqual(names);
  });
});

describe('pluginsOfSettings', () => {
  it.each([
    ['addopts = ["-q", "-p", "testing_kit.plugin"]', ['testing_kit.plugin']],
    ['addopts = "-p a.b -pc"', ['a.b', 'c']],
    ["addopts = [\n  '-p',\n  'a',\n]", ['a']],
    ['addopts = "-p no:cacheprovider"', ['no']],
    ['name = "a-p"\nx = "--p-q"', []],
  ])('%j', (text, names) => {
    expect(pluginsOfSettings(text)).toEqual(names);
  });
});
