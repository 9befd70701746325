import { useForkServers } from '../../testing/fork-servers';

const start = useForkServers();

const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('what the fork server has read of botocore', () => {
  const files = {
    'botocore/__init__.py': '',
    'botocore/loaders.py': lines(
      'import json, os',
      'from collections import OrderedDict',
      'class JSONFileLoader: pass',
      'class Loader:',
      '  BUILTIN_DATA_PATH = os.path.join(os.path.dirname(__file__), "data")',
      '  def __init__(self, extra_search_paths=None, include_default_search_paths=True):',
      '    self.search_paths = extra_search_paths or []',
      '    if include_default_search_paths: self.search_paths.append(self.BUILTIN_DATA_PATH)',
      '    self.file_loader, self.looked = JSONFileLoader(), False',
      '  def list_available_services(self, kind):',
      '    self.looked = True',
      '    return sorted({one for path in self.search_paths if os.path.isdir(path) for one in os.listdir(path)})',
      '  def _potential_locations(self): pass',
      '  def determine_latest_version(self, service, kind): return "1"',
      '  def load_data(self, name):',
      '    with open(os.path.join(self.search_paths[0], name.replace("/", "-"))) as file:',
      '      return json.loads(file.read(), object_pairs_hook=OrderedDict)',
    ),
    'botocore/data/endpoints': '{"a": 1, "b": [2]}',
    'botocore/data/partitions': '{"partitions": 1}',
    'botocore/data/dynamodb-1-service-2': '{"service": 1}',
    'botocore/data/dynamodb-1-endpoint-rule-set-1': '{"rules": 1}',
  };

  it('is what a process would make of it, for each reader its own', async () => {
    const { run } = await start(['botocore.loaders'], { files });
    const { output } = await run([
      'import json',
      'from unittest import mock',
      'from botocore import loaders',
      'read = lambda: loaders.Loader().load_data("endpoints")',
      'many = [read() for _ in range(4)]',
      'print(many == [{"a": 1, "b": [2]}] * 4, {type(one).__name__ for one in many})',
      'print(len({id(one) for one in many}), len({id(one["b"]) for one in many}))',
      'with mock.patch("botocore.loaders.json.loads") as loads:',
      '  print(json.loads is loads, read() is loads.return_value)',
      'print(loaders.json.loads("[1]"), loaders.json.dumps is json.dumps, isinstance(loaders.json, type(json)))',
    ]);
    expect(output.trim().split('\n')).toEqual([
      "True {'OrderedDict'}",
      '4 4',
      'True True',
      '[1] True True',
    ]);
  });

  it('is the list of services, as long as nobody changes them', async () => {
    const { run } = await start(['botocore.loaders'], { files });
    const { output } = await run([
      'import os',
      'from unittest import mock',
      'from botocore import loaders',
      'def look(kind="service-2", path=None):',
      '  loader = loaders.Loader(path and [path])',
      '  services = loader.list_available_services(kind)',
      '  print(len(services), loader.looked)',
      'look(); look("waiters-2"); look(path=os.getcwd())',
      'with mock.patch("os.listdir", lambda _: []): look()',
      'open(os.path.join(loaders.Loader.BUILTIN_DATA_PATH, "new"), "w").close()',
      'look()',
    ]);
    expect(output.trim().split('\n')).toEqual([
      '4 False',
      '4 True',
      '5 True',
      '0 True',
      '5 True',
    ]);
  });

  it('is the list of services in the folders of boto3 and of moto, too', async () => {
    const { run } = await start(['botocore.loaders', 'boto3', 'moto'], {
      files: {
        ...files,
        'boto3/__init__.py': '',
        'boto3/data/resources': '',
        'moto/__init__.py': '',
      },
    });
    const { output } = await run([
      'import os',
      'import boto3, moto',
      'from botocore import loaders',
      'folder = lambda module: os.path.dirname(module.__file__)',
      'data = os.path.join(folder(boto3), "data")',
      'def look(*more):',
      '  loader = loaders.Loader([*more])',
      '  services = loader.list_available_services("service-2")',
      '  print(services == sorted({*services}), {"endpoints", "resources", "__init__.py"} & {*services} == {"endpoints", "resources", "__init__.py"}, loader.looked)',
      'look(folder(moto), "/no/such/folder", data)',
      'look(folder(moto), data, os.getcwd())',
      'open(os.path.join(data, "new"), "w").close()',
      'look(folder(moto), data)',
      'class Own(loaders.Loader):',
      '  _potential_locations = None',
      'own = Own(); own.list_available_services("service-2")',
      'print(own.looked)',
    ]);
    expect(output.trim().split('\n')).toEqual([
      'True True False',
      'True True True',
      'True True True',
      'True',
    ]);
  });
});
