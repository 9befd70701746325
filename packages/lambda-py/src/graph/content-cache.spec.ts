import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../testing/temporary-folder';
import type * as contentCache from './content-cache';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const NAME = 'cache.json';

/** The cache as a process that has just started sees it. */
function openAnew(folder: string | undefined) {
  let opened: contentCache.ContentCache<string> | undefined;
  jest.isolateModules(() => {
    opened = jest
      .requireActual<typeof contentCache>('./content-cache')
      .openContentCache<string>(folder, NAME);
  });
  if (opened === undefined) throw new Error('not opened');
  return opened;
}

function filled(...keys: readonly string[]) {
  const folder = makeFolder();
  const cache = openAnew(folder.path);
  for (const key of keys) cache.set(key, `value of ${key}`);
  cache.save();
  return folder;
}

describe('openContentCache', () => {
  it('keeps values for the next process', () => {
    const { path } = filled('a', 'constructor');
    const cache = openAnew(path);
    expect(cache.get('a')).toBe('value of a');
    expect(cache.get('constructor')).toBe('value of constructor');
    expect(cache.get('toString')).toBeUndefined();
    expect(readdirSync(path)).toEqual([NAME]);
  });

  it('keeps values for the same process', () => {
    const { path } = filled('a');
    jest.isolateModules(() => {
      const { openContentCache } =
        jest.requireActual<typeof contentCache>('./content-cache');
      const first = openContentCache<string>(path, NAME);
      first.set('b', 'value of b');
      first.save();
      makeFolder().write('unrelated', '');
      expect(openContentCache<string>(path, NAME).get('b')).toBe('value of b');
    });
  });

  it('forgets what was not asked for when it writes', () => {
    const { path } = filled('old', 'used');
    const cache = openAnew(path);
    cache.get('used');
    cache.set('new', 'value of new');
    cache.save();
    const next = openAnew(path);
    expect(['old', 'used', 'new'].map(next.get)).toEqual([
      undefined,
      'value of used',
      'value of new',
    ]);
  });

  it('does not write when there is no news', () => {
    const { path } = filled('a', 'b');
    const before = readFileSync(join(path, NAME), 'utf8');
    const cache = openAnew(path);
    cache.get('a');
    cache.save();
    expect(readFileSync(join(path, NAME), 'utf8')).toBe(before);
  });

  it.each<[string, (text: string) => string]>([
    ['deleted content', () => ''],
    ['a cut', (text) => text.slice(0, -3)],
    ['a flipped letter', (text) => text.replace('value', 'Value')],
    ['no JSON', () => 'x\ny'],
    ['another checksum', (text) => text.replace(/^./, 'x')],
  ])('is empty after damage: %s', (_, damage) => {
    const folder = filled('a');
    const text = readFileSync(join(folder.path, NAME), 'utf8');
    expect(damage(text)).not.toBe(text);
    folder.write(NAME, damage(text));
    const cache = openAnew(folder.path);
    expect(cache.get('a')).toBeUndefined();
    cache.set('a', 'value of a');
    cache.save();
    expect(openAnew(folder.path).get('a')).toBe('value of a');
  });

  it('is not kept without a folder, or where no folder can be made', () => {
    const folder = makeFolder();
    folder.write('file', '');
    for (const path of [undefined, join(folder.path, 'file', 'folder')]) {
      const cache = openAnew(path);
      cache.set('a', 'value of a');
      cache.save();
      expect(cache.get('a')).toBe('value of a');
      expect(openAnew(path).get('a')).toBeUndefined();
    }
  });

  it('neither reads nor writes where Nx is told to cache no graph', () => {
    const { path } = filled('a');
    setEnvironment({ NX_CACHE_PROJECT_GRAPH: 'false' });
    const cache = openAnew(path);
    expect(cache.get('a')).toBeUndefined();
    cache.set('b', 'value of b');
    cache.save();
    setEnvironment({ NX_CACHE_PROJECT_GRAPH: undefined });
    expect(openAnew(path).get('b')).toBeUndefined();
    expect(openAnew(path).get('a')).toBe('value of a');
  });
});
