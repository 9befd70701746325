import { useForkServers } from '../../testing/fork-servers';

const start = useForkServers();

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('what coverage finds out for several reports', () => {
  const files = {
    'coverage/__init__.py': 'import coverage.files, coverage.control\n',
    'coverage/files.py': lines(
      'import os',
      'def set_relative_directory():',
      '  global RELATIVE_DIR',
      '  RELATIVE_DIR = os.getcwd()',
      'set_relative_directory()',
    ),
    'coverage/python.py': lines(
      'class PythonParser:',
      '  parsed = []',
      '  def __init__(self, text=None, filename=None, exclude=None):',
      '    self.text, self.filename, self.exclude = text, filename, exclude',
      '  def parse_source(self):',
      '    if self.text == "bad": raise ValueError(self.text)',
      '    self.parsed.append(self.text)',
      '    self.lines = {self.text}',
      'class PythonFileReporter:',
      '  def __init__(self, filename): self.filename = filename',
    ),
    'coverage/control.py': lines(
      'from coverage.python import PythonFileReporter',
      'analysed = []',
      'class Analysis: pass',
      'def analysis_from_file_reporter(data, precision, reporter, filename):',
      '  analysed.append(filename)',
      '  return Analysis()',
      'def report(name):',
      '  return analysis_from_file_reporter(None, 0, PythonFileReporter(name), name)',
    ),
    'pytest_cov/__init__.py': '',
    'pytest_cov/engine.py': lines(
      'import coverage',
      'class CovController:',
      '  def summary(self, stream):',
      '    if stream: return stream()',
      '    return [coverage.control.report(name) for name in ("a", "b", "a")]',
    ),
  };
  const preload = ['coverage', 'pytest_cov.engine'];

  it('is found out once', async () => {
    const { run } = await start(preload, { files });
    const { output } = await run([
      'from pytest_cov.engine import CovController',
      'from coverage import control, python',
      'one, _, other = CovController().summary(None)',
      'print(control.analysed, one is other)',
      'CovController().summary(None)',
      'control.report("a"); control.report("a")',
      'print(control.analysed)',
      'def parse():',
      '  parsers = [python.PythonParser(text=text, filename="f") for text in ("x", "y", "x")]',
      '  for parser in parsers: parser.parse_source()',
      '  print([sorted(parser.lines) for parser in parsers], python.PythonParser.parsed)',
      'CovController().summary(parse)',
      'parse()',
      'for _ in range(2):',
      '  try: python.PythonParser(text="bad").parse_source()',
      '  except ValueError as error: print(error)',
    ]);
    expect(output.trim().split('\n')).toEqual([
      "['a', 'b'] False",
      "['a', 'b', 'a', 'b', 'a', 'a']",
      "[['x'], ['y'], ['x']] ['x', 'y']",
      "[['x'], ['y'], ['x']] ['x', 'y', 'x', 'y', 'x']",
      'bad',
      'bad',
    ]);
  });

  it('is relative to the folder of the project', async () => {
    const { run } = await start(preload, { files });
    const { output } = await run([
      'import os',
      'os.chdir("/")',
      'from coverage import files',
      'print(files.RELATIVE_DIR, files.set_relative_directory.__module__)',
    ]);
    expect(output).toBe('/ coverage.files\n');
  });

  it('is asked of a file that is opened once, where there is one', async () => {
    const { run } = await start(preload, { files });
    const { output } = await run([
      'import contextlib, os',
      'from types import SimpleNamespace',
      'from pytest_cov.engine import CovController',
      'class Data:',
      '  def __init__(self, name): self.name, self.opened, self.open = name, 0, 0',
      '  def data_filename(self): return self.name',
      '  @contextlib.contextmanager',
      '  def _connect(self):',
      '    self.opened += self.open == 0',
      '    self.open += 1',
      '    yield',
      '    self.open -= 1',
      'def ask(data):',
      '  controller = CovController()',
      '  controller.cov = SimpleNamespace(get_data=lambda: data)',
      '  def reports():',
      '    for _ in range(3):',
      '      with data._connect(): pass',
      '    return "reports"',
      '  print(controller.summary(reports), data.opened, data.open)',
      'open("measured", "w").close()',
      'ask(Data("measured")); ask(Data("missing"))',
      'def unknown(): raise AttributeError',
      'controller = CovController()',
      'controller.cov = SimpleNamespace(get_data=unknown)',
      'print(controller.summary(lambda: "as ever"))',
    ]);
    expect(output.trim().split('\n')).toEqual([
      'reports 1 0',
      'reports 3 0',
      'as ever',
    ]);
  });
});
