import { moduleFilesOf } from './module-files';

const installed = (...paths: readonly string[]) => ({
  isInstalled: true,
  paths,
  moduleNames: [],
});

describe('moduleFilesOf', () => {
  it.each([
    [
      'src alone',
      ['src/a/__init__.py', 'b.py', 'tests/c.py'],
      undefined,
      ['a/__init__.py'],
    ],
    [
      'the folder of the project where nothing is in src',
      ['geo/__init__.py', 'b.py', 'src/notes.md'],
      undefined,
      ['geo/__init__.py', 'b.py'],
    ],
    [
      'it beside src, where there are settings',
      ['src/a.py', 'geo/__init__.py'],
      installed(''),
      ['a.py', 'geo/__init__.py'],
    ],
    [
      'the folder that a setting names',
      ['python/geo/__init__.py'],
      installed('python'),
      ['geo/__init__.py'],
    ],
    [
      'it by a package in it',
      ['lib/acme/geo/__init__.py', 'lib/acme/__init__.py'],
      installed('./lib/acme/geo/'),
      ['acme/geo/__init__.py', 'acme/__init__.py'],
    ],
    [
      'it by a pattern',
      ['lib/geo/a.py'],
      installed('lib/**/*.py'),
      ['geo/a.py'],
    ],
    [
      'it by a package in the folder of the project',
      ['geo/__init__.py'],
      installed('geo'),
      ['geo/__init__.py'],
    ],
    [
      'no tests, documentation and infrastructure',
      [
        'geo.py',
        'tests/a.py',
        'docs/conf.py',
        'infra/app.py',
        'build/lib/geo.py',
        'conftest.py',
        'setup.py',
        'test_geo.py',
      ],
      installed('tests'),
      ['geo.py'],
    ],
    [
      'nothing outside of src of what is not installed',
      ['app.py', 'src/a.py'],
      { ...installed(), isInstalled: false },
      ['a.py'],
    ],
    [
      'nothing for what a setting names outside',
      ['geo.py'],
      installed('../other', '/abs'),
      ['geo.py'],
    ],
  ])('takes %s', (_, files, settings, found) => {
    expect(moduleFilesOf(files, settings)).toEqual(found);
  });
});
