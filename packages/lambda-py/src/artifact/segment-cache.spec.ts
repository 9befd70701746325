import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { hostname } from 'node:os';
import { crc32 } from 'node:zlib';
import { contentKey, openArtifactCache } from './artifact-cache';
import { openPendingFile } from './pending-file';
import { encodeSegment } from './encode-segment';
import type { Segment } from './segment';
import { openSegmentCache } from './segment-cache';
import { sampleDistribution, useTemporaryFolders } from './testing/samples';
import { inWorkFolder, withWorkFolder } from './work-folder';

const temporaryFolder = useTemporaryFolders();
const KEY = contentKey('a');
const SEGMENT = encodeSegment(
  sampleDistribution('kit', { 'kit/a.py': 'x = 1\n'.repeat(50) }),
);

function store(root: string, segment: Segment = SEGMENT): Promise<boolean> {
  const { body, ...description } = segment;
  return openSegmentCache(root).store(KEY, (write) => {
    write(body.subarray(0, 10));
    write(body.subarray(10));
    return Promise.resolve(description);
  });
}

function segmentFolder(root: string): string {
  return join(root, '.nx/lambda-py/segments');
}

describe('openSegmentCache', () => {
  it('gives back what was stored', async () => {
    const root = temporaryFolder();
    await expect(store(root)).resolves.toBe(true);
    const loaded = openSegmentCache(root).load(KEY);
    expect({ ...loaded, body: Buffer.from(loaded?.body ?? []) }).toEqual(
      SEGMENT,
    );
    expect(openSegmentCache(root).load(contentKey('b'))).toBeUndefined();
  });

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, file.length - 1)],
    ['empty', () => Buffer.alloc(0)],
    [
      'changed in one bit',
      (file: Buffer) => {
        const copy = Buffer.from(file);
        copy[copy.length - 20] = (copy[copy.length - 20] ?? 0) ^ 1;
        return copy;
      },
    ],
  ])('does not give a segment that was %s', async (_, damage) => {
    const root = temporaryFolder();
    const cache = openSegmentCache(root);
    await store(root);
    const path = join(segmentFolder(root), KEY);
    writeFileSync(path, damage(readFileSync(path)));
    expect(cache.load(KEY)).toBeUndefined();
  });

  it('reads a file once while the segment is in use, and again when it is another file', async () => {
    const root = temporaryFolder();
    const cache = openSegmentCache(root);
    await store(root);
    const first = cache.load(KEY);
    expect(openSegmentCache(root).load(KEY)).toBe(first);
    await store(root, { ...SEGMENT, version: '2.0' });
    expect(cache.load(KEY)?.version).toBe('2.0');
  });

  it('says that it was not kept where the disk refuses it', async () => {
    const root = temporaryFolder({ '.nx/lambda-py/segments': 'a file' });
    await expect(store(root)).resolves.toBe(false);
  });

  it('does not give the segment of another key', async () => {
    const root = temporaryFolder();
    const cache = openSegmentCache(root);
    await store(root);
    const folder = segmentFolder(root);
    const other = contentKey('b');
    writeFileSync(join(folder, other), readFileSync(join(folder, KEY)));
    expect(cache.load(other)).toBeUndefined();
  });
});

describe('openArtifactCache', () => {
  const aged = (root: string, name: string, hours: number) => {
    const seconds = Date.now() / 1000 - hours * 3600;
    utimesSync(join(root, '.nx/lambda-py', name), seconds, seconds);
  };
  const thingsOf = (root: string) =>
    readdirSync(join(root, '.nx/lambda-py/things'));

  it('removes what was used least recently, down to its limit, once an hour', () => {
    const root = temporaryFolder();
    const cache = openArtifactCache(root, 'things', 250);
    for (const key of ['a', 'b', 'c']) cache.store(key, Buffer.alloc(80));
    aged(root, 'things/a', 9);
    aged(root, 'things/b', 8);
    aged(root, 'things/c', 7);
    expect(cache.load('a')).toHaveLength(80);
    cache.store('d', Buffer.alloc(80));
    expect(thingsOf(root)).toEqual(['a', 'b', 'c', 'd']);
    aged(root, 'things.cleaned', 2);
    cache.store('d', Buffer.alloc(80));
    expect(thingsOf(root)).toEqual(['a', 'c', 'd']);
  });

  it('removes what was not used for thirty days, even below the limit', () => {
    const root = temporaryFolder();
    const cache = openArtifactCache(root, 'things');
    for (const key of ['a', 'b']) cache.store(key, Buffer.alloc(1));
    aged(root, 'things/a', 31 * 24);
    aged(root, 'things/b', 29 * 24);
    // In the future: the clock was set back.
    aged(root, 'things.cleaned', -2);
    cache.store('c', Buffer.alloc(1));
    expect(thingsOf(root)).toEqual(['b', 'c']);
  });

  it('keeps what parallel runs have just written, even above the limit', () => {
    const root = temporaryFolder();
    const cache = openArtifactCache(root, 'things', 100);
    cache.store('a', Buffer.alloc(80));
    aged(root, 'things.cleaned', 2);
    cache.store('b', Buffer.alloc(80));
    expect(thingsOf(root)).toEqual(['a', 'b']);
  });
});

describe('inWorkFolder', () => {
  it('does not fail for what cannot be removed', async () => {
    const root = temporaryFolder();
    const remove = jest
      .spyOn(jest.requireActual<{ rmSync: () => void }>('node:fs'), 'rmSync')
      .mockImplementation(() => {
        throw Object.assign(new Error('in use'), { code: 'EBUSY' });
      });
    try {
      await expect(
        inWorkFolder(root, () => Promise.resolve('done')),
      ).resolves.toBe('done');
      expect(remove).toHaveBeenCalled();
    } finally {
      remove.mockRestore();
    }
  });

  it('removes its folder, and those of killed processes', async () => {
    const root = temporaryFolder();
    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    const machine = crc32(hostname()).toString(16);
    const work = join(root, '.nx/lambda-py/work');
    mkdirSync(join(work, `${machine}-${dead}-abc`), { recursive: true });
    await inWorkFolder(root, (folder) => {
      expect(readdirSync(work)).toEqual([basename(folder)]);
      return Promise.resolve();
    });
    mkdirSync(join(work, `${machine}-${dead}-def`));
    await withWorkFolder(root, () => Promise.resolve());
    expect(readdirSync(work)).toEqual([]);
    await expect(
      inWorkFolder(root, () => Promise.reject(new Error('failed'))),
    ).rejects.toThrow('failed');
    expect(readdirSync(work)).toEqual([]);
  });
});

describe('openPendingFile', () => {
  it('shows nothing until it is committed, and then the whole', async () => {
    const path = join(temporaryFolder(), 'deep/a.zip');
    const file = openPendingFile(path);
    file.write(Buffer.from('one'));
    expect(existsSync(path)).toBe(false);
    file.write(Buffer.from('two'));
    await file.append(Buffer.from('three'));
    file.commit();
    file.discard();
    expect(readFileSync(path, 'utf8')).toBe('onetwothree');
  });

  it('replaces a large file while something else is done', async () => {
    const folder = temporaryFolder({ a: 'earlier' });
    const file = openPendingFile(join(folder, 'a'));
    file.write(Buffer.from('later'));
    await file.commitLarge();
    file.discard();
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('later');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('starts with bytes of another file, in the mode that a new file has', async () => {
    const folder = temporaryFolder({ source: 'one, and more' });
    chmodSync(join(folder, 'source'), 0o400);
    const file = openPendingFile(join(folder, 'a'));
    const { mode } = statSync(file.location);
    await file.startWith(join(folder, 'source'), 3);
    file.write(Buffer.from('two'));
    await file.append(Buffer.from('three'));
    file.commit();
    file.discard();
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('onetwothree');
    expect(statSync(join(folder, 'a')).mode).toBe(mode);
  });

  it('leaves nothing where there is nothing to start with', async () => {
    const folder = temporaryFolder();
    const file = openPendingFile(join(folder, 'a'));
    await expect(file.startWith(join(folder, 'b'), 3)).rejects.toThrow(
      'ENOENT',
    );
    file.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('lets two writers finish, one after the other', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a');
    const [one, two] = [openPendingFile(path), openPendingFile(path)];
    one.write(Buffer.from('same'));
    two.write(Buffer.from('same'));
    one.commit();
    two.commit();
    expect(readFileSync(path, 'utf8')).toBe('same');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('leaves the earlier file when it is discarded', () => {
    const folder = temporaryFolder({ a: 'earlier' });
    const file = openPendingFile(join(folder, 'a'));
    file.write(Buffer.from('later'));
    file.discard();
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('earlier');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('removes what a killed process left, and nothing of a running one', () => {
    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    const machine = crc32(hostname()).toString(16);
    const leftover = `.a.${machine}-${dead}-00.pending`;
    const foreign = `.a.0-${dead}-00.pending`;
    const running = `.a.${machine}-${process.ppid}-00.pending`;
    const old = `.a.0-${dead}-01.pending`;
    const folder = temporaryFolder({
      [leftover]: '',
      [foreign]: '',
      [running]: '',
      [old]: '',
    });
    // Of a machine that may have another name by now.
    const dayBefore = Date.now() / 1000 - 25 * 3600;
    utimesSync(join(folder, old), dayBefore, dayBefore);
    openPendingFile(join(folder, 'a')).discard();
    expect(readdirSync(folder).sort()).toEqual([foreign, running].sort());
  });
});
