import { useForkServers } from '../../testing/fork-servers';

const start = useForkServers();

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

/** As much of pytest as has to do with plugins: a hook that imports what it has to rewrite. */
const FILES = {
  '_pytest/config.py': lines(
    'default_plugins = ()',
    'def _iter_rewritable_modules(files):',
    '  return {file.split("/")[0].removesuffix(".py") for file in files}',
  ),
  '_pytest/stash.py': 'Stash = dict\n',
  '_pytest/assertion/__init__.py': '',
  '_pytest/assertion/rewrite.py': lines(
    'import importlib.machinery, importlib.util, pathlib',
    'assertstate_key = "state"',
    'class AssertionRewritingHook:',
    '  def __init__(self, config):',
    '    self.config, self.names, self._rewritten_names = config, set(), {}',
    '    try: self.fnpats = config.getini("python_files")',
    '    except ValueError: self.fnpats = ["test_*.py"]',
    '  def mark_rewrite(self, *names): self.names.update(names)',
    '  def find_spec(self, name, path=None, target=None):',
    '    if name.split(".")[0] not in self.names: return None',
    '    spec = importlib.machinery.PathFinder.find_spec(name, path)',
    '    return importlib.util.spec_from_file_location(name, spec.origin, loader=self,',
    '      submodule_search_locations=spec.submodule_search_locations)',
    '  def create_module(self, spec): return None',
    '  def exec_module(self, module):',
    '    self._rewritten_names[module.__name__] = module.__spec__.origin',
    '    exec(pathlib.Path(module.__spec__.origin).read_text(), vars(module))',
  ),
  'gauge/__init__.py': 'import gauge.scale, os\nPROCESS = os.getpid()\n',
  'gauge/scale.py': 'VALUE = object()\n',
  'asking.py': lines(
    'import sys',
    'for hook in sys.meta_path:',
    '  if hasattr(hook, "mark_rewrite"): hook.mark_rewrite("gauge")',
  ),
  'gauge-1.0.dist-info/METADATA': 'Name: gauge\nVersion: 1.0\n',
  'gauge-1.0.dist-info/RECORD':
    'gauge/__init__.py,,\ngauge/scale.py,,\nasking.py,,\n',
};
const PLUGINS = { gauge: ['gauge', 'asking'], absent: ['absent'] };
const SETTINGS =
  '{"python_files": ["test_*.py"], "enable_assertion_pass_hook": False}';

/** What pytest does before it loads plugins. */
const installHook = (settings: string): string[] => [
  'import os, sys, types',
  'from _pytest.assertion.rewrite import AssertionRewritingHook',
  `settings = ${settings}`,
  'hook = AssertionRewritingHook(types.SimpleNamespace(getini=settings.__getitem__))',
  'sys.meta_path.insert(0, hook)',
];

describe('a plugin that the fork server has imported', () => {
  it('comes from the hook of the project, as if it had imported it', async () => {
    const { run } = await start([], { plugins: PLUGINS, files: FILES });
    const { output } = await run([
      ...installHook(SETTINGS),
      'print(sorted(m for m in sys.modules if m.startswith("gauge")))',
      'hook.mark_rewrite("gauge")',
      'import gauge',
      'print(gauge.PROCESS == os.getppid(), sorted(hook._rewritten_names))',
      'for one in (gauge, gauge.scale):',
      '  print(one.__loader__ is hook, one.__spec__.loader is hook, one is sys.modules[one.__name__])',
    ]);
    expect(output.trim().split('\n')).toEqual([
      '[]',
      "True ['gauge', 'gauge.scale']",
      'True True True',
      'True True True',
    ]);
  });

  it.each([
    ['nobody rewrites it', SETTINGS, ''],
    [
      'other modules are rewritten',
      SETTINGS.replace('test_', ''),
      'hook.mark_rewrite("gauge")',
    ],
    [
      'it is rewritten in another way',
      SETTINGS.replace('False', 'True'),
      'hook.mark_rewrite("gauge")',
    ],
  ])('is imported anew where %s', async (_, settings, mark) => {
    const { run } = await start([], { plugins: PLUGINS, files: FILES });
    const { output } = await run([
      ...installHook(settings),
      mark,
      'import gauge',
      'print(gauge.PROCESS == os.getpid())',
    ]);
    expect(output).toBe('True\n');
  });

  it('is imported anew where it asks for others to be rewritten', async () => {
    const { run } = await start([], { plugins: PLUGINS, files: FILES });
    const { output } = await run([
      ...installHook(SETTINGS),
      'hook.mark_rewrite("asking")',
      'import asking',
      'print(sorted(hook.names))',
    ]);
    expect(output).toBe("['asking', 'gauge']\n");
  });
});
