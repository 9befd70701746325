import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  useEnvironment,
  useTemporaryFolders,
} from '../../testing/temporary-folder';
import { readImportCache } from './import-cache';

const makeFolder = useTemporaryFolders();
const setEnvironment = useEnvironment();
const FILE = 'lambda-py-imports.json';

describe('readImportCache', () => {
  it('keeps what was set, and forgets what nobody asks for', () => {
    const folder = join(makeFolder().path, 'workspace-data');
    const first = readImportCache(folder);
    first.set('1', { mentioned: 'a b', imports: { a: true } });
    first.set('2', { mentioned: '' });
    first.save();
    expect(readdirSync(folder)).toEqual([FILE]);

    const second = readImportCache(folder);
    expect(second.get('1')).toEqual({ mentioned: 'a b', imports: { a: true } });
    expect(second.get('3')).toBeUndefined();
    second.save();

    expect(readImportCache(folder).get('2')).toBeUndefined();
  });

  it('writes nothing when nothing has changed', () => {
    const folder = makeFolder().path;
    const first = readImportCache(folder);
    first.set('1', { mentioned: 'a' });
    first.save();
    const before = readFileSync(join(folder, FILE));
    const second = readImportCache(folder);
    second.get('1');
    const { write } = { write: jest.spyOn(JSON, 'stringify') };
    second.save();
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
    expect(readFileSync(join(folder, FILE))).toEqual(before);
  });

  it.each([
    '',
    '{',
    'null',
    '{"format":0,"files":{"1":{"mentioned":"a"}}}',
    '{"format":1}',
    '{"format":1,"files":{"1":null}}',
    '{"format":1,"files":{"1":{"mentioned":1}}}',
  ])('takes %j for empty, and replaces it', (text) => {
    const folder = makeFolder();
    folder.write(FILE, text);
    const cache = readImportCache(folder.path);
    expect(cache.get('1')).toBeUndefined();
    cache.set('1', { mentioned: 'b' });
    cache.save();
    expect(readImportCache(folder.path).get('1')).toEqual({ mentioned: 'b' });
  });

  it('is not read where Nx is told to keep no graph', () => {
    const folder = makeFolder().path;
    const cache = readImportCache(folder);
    cache.set('1', { mentioned: 'a' });
    cache.save();
    setEnvironment({ NX_CACHE_PROJECT_GRAPH: 'false' });
    expect(readImportCache(folder).get('1')).toBeUndefined();
  });

  it('does without a folder, one that cannot be made, and a hash', () => {
    const kept = readImportCache(undefined);
    kept.set('1', { mentioned: 'a' });
    expect(kept.get('1')).toEqual({ mentioned: 'a' });
    kept.set('', { mentioned: 'a' });
    expect(kept.get('')).toBeUndefined();
    kept.save();

    const file = makeFolder().write('file', '');
    const blocked = readImportCache(join(file, 'folder'));
    blocked.set('1', { mentioned: 'a' });
    blocked.save();
    expect(existsSync(join(file, 'folder'))).toBe(false);
  });
});
