import { hash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockText } from '../testing/lock-files';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import type * as workspaceFiles from './workspace-files';
import * as parser from './workspace-parser';

jest.mock('./workspace-parser', () => {
  const actual = jest.requireActual<typeof parser>('./workspace-parser');
  return {
    describeMember: jest.fn(actual.describeMember),
    summariseLock: jest.fn(actual.summariseLock),
  };
});

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const FILE = 'libs/a/pyproject.toml';
const LOCK = lockText([{ name: 'a', source: '{ editable = "libs/a" }' }]);

beforeEach(() => {
  jest.clearAllMocks();
  setEnvironment({
    NX_WORKSPACE_DATA_DIRECTORY: undefined,
    NX_PROJECT_GRAPH_CACHE_DIRECTORY: undefined,
    NX_CACHE_PROJECT_GRAPH: undefined,
  });
});

/** Reads both files as a process that has just started does. */
function readAnew(root: string) {
  const warnings: unknown[] = [];
  const warn = (problem: unknown): void => {
    warnings.push(problem instanceof Error ? problem.message : problem);
  };
  let result: unknown;
  jest.isolateModules(() => {
    // One parser for all, so that its calls are counted.
    jest.doMock('./workspace-parser', () => parser);
    const files =
      jest.requireActual<typeof workspaceFiles>('./workspace-files');
    const descriptions = files.openMemberDescriptions(root, warn);
    const member = descriptions.read(FILE);
    descriptions.save();
    const lock = files.readLockSummary(root, warn);
    result = { member, lock };
  });
  const calls = [parser.describeMember, parser.summariseLock].map(
    (parse) => jest.mocked(parse).mock.calls.length,
  );
  jest.clearAllMocks();
  return { result, warnings, calls };
}

function makeWorkspace() {
  const folder = makeFolder();
  folder.write(FILE, '[project]\nname = "a"\n');
  folder.write('uv.lock', LOCK);
  return folder;
}

describe('what is read of the workspace', () => {
  it('is parsed once per content', () => {
    const { path } = makeWorkspace();
    const first = readAnew(path);
    expect(first.calls).toEqual([1, 1]);
    expect(readAnew(path)).toEqual({ ...first, calls: [0, 0] });
  });

  it.each<[string, string, (text: string) => string, readonly number[]]>([
    ['pyproject.toml', FILE, (text) => text.replace('"a"', '"b"'), [1, 0]],
    ['uv.lock', 'uv.lock', (text) => text.replace('"1.0"', '"1.1"'), [0, 1]],
  ])('is parsed anew when %s changes', (_, file, edit, calls) => {
    const folder = makeWorkspace();
    const before = readAnew(folder.path);
    const text = readFileSync(join(folder.path, file), 'utf8');
    folder.write(file, edit(text));
    const after = readAnew(folder.path);
    expect(after.calls).toEqual(calls);
    if (file === FILE) expect(after.result).not.toEqual(before.result);
    folder.write(file, text);
    expect(readAnew(folder.path).result).toEqual(before.result);
  });

  it.each(['lambda-py-members.json', 'lambda-py-lock.json'])(
    'is parsed anew when %s is corrupt or deleted',
    (name) => {
      const folder = makeWorkspace();
      const cache = join(folder.path, '.nx/workspace-data', name);
      const first = readAnew(folder.path);
      const text = readFileSync(cache, 'utf8');
      folder.write(`.nx/workspace-data/${name}`, text.replace('"a"', '"z"'));
      expect(readAnew(folder.path).result).toEqual(first.result);
      rmSync(cache);
      expect(readAnew(folder.path).result).toEqual(first.result);
      expect(readFileSync(cache, 'utf8')).toBe(text);
    },
  );

  it('is told to be broken every time', () => {
    const folder = makeWorkspace();
    folder.write(FILE, '[project]\nname = "a"\n[tool.lambda-py]\nx = 1\n');
    folder.write('uv.lock', '<<<<<<< HEAD\n');
    for (const { warnings, result } of [
      readAnew(folder.path),
      readAnew(folder.path),
    ]) {
      expect(warnings).toEqual([
        expect.stringContaining('unknown key'),
        expect.stringContaining('merge conflict'),
      ]);
      expect(result).toMatchObject({ member: { name: 'a', tags: [] } });
    }
  });

  it('is kept in the folder that Nx is told to use', () => {
    const { path } = makeWorkspace();
    const data = makeFolder().path;
    setEnvironment({ NX_WORKSPACE_DATA_DIRECTORY: data });
    readAnew(path);
    const text = readFileSync(join(data, 'lambda-py-lock.json'), 'utf8');
    expect(text).toContain(hash('sha256', LOCK, 'base64url'));
  });
});
