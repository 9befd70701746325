import { useForkServers } from '../../testing/fork-servers';

const start = useForkServers();

describe('the expressions that every run compiles', () => {
  const junitxml =
    'import re\ndef bin_xml_escape(text): return re.sub("[^a]", "", text)\n';
  const program = [
    'import io, pkgutil, re, tokenize',
    'from unittest import mock',
    'from _pytest import junitxml',
    'with mock.patch("re._compiler.compile", side_effect=ZeroDivisionError):',
    '  print(pkgutil.resolve_name("sys").__name__)',
    '  print(len(list(tokenize.generate_tokens(io.StringIO("a = 1").readline))))',
    '  print(junitxml.bin_xml_escape("ab"))',
    '  try: re.compile("new")',
    '  except ZeroDivisionError: print("compiled")',
  ];

  it('are there', async () => {
    const { run } = await start([], {
      files: {
        '_pytest/config.py': 'default_plugins = ("junitxml",)\n',
        '_pytest/junitxml.py': junitxml,
      },
    });
    const { output } = await run(program);
    expect(output.trim().split('\n')).toEqual(['sys', '5', 'a', 'compiled']);
  });

  it('are compiled later by a pytest that has them not', async () => {
    const { run, spawned } = await start([], {
      files: {
        '_pytest/config.py': 'default_plugins = ("junitxml",)\n',
        '_pytest/junitxml.py': '',
      },
    });
    const { output } = await run(['print("run")']);
    expect([output, spawned]).toEqual(['run\n', []]);
  });
});
