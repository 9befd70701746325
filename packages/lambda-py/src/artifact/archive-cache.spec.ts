import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openArchiveCache } from './archive-cache';
import type { ClosureArchive } from './archive-cache';
import { checkedDigest, fileIdentity } from './archive-digest';
import { artifactContents } from './artifact-contents';
import { encodeSegment } from './encode-segment';
import { entriesOf } from './merge-segments';
import type { ArtifactEntry } from './merge-segments';
import { entryContent } from './segment';
import {
  sampleArchive,
  sampleDistribution,
  sampleSegments,
  useTemporaryFolders,
} from './testing/samples';
import { UnusableArchiveError } from './unusable-archive-error';

const temporaryFolder = useTemporaryFolders();
const KEY = 'a'.repeat(64);
const SEGMENTS = sampleSegments({
  kit: {
    'kit-1.0.dist-info/METADATA': 'Name: kit\n',
    'kit/a.py': 'a = 1\n'.repeat(50),
    'kit/tests/a.py': '',
  },
  numbers: { 'numbers/grün.py': 'g = 1\n' },
});
const ENTRIES = entriesOf(SEGMENTS).filter(
  ({ entry }) => !entry.path.includes('/tests/'),
);

function make(root: string, prefix = ''): Promise<ClosureArchive> {
  return openArchiveCache(root).make({
    key: KEY,
    segments: SEGMENTS,
    entries: ENTRIES,
    prefix,
  });
}

function fileOf(root: string): string {
  return join(root, '.nx/lambda-py/archives', KEY);
}

describe.each(['', 'python/'])('an archive below %j', (prefix) => {
  it.each([
    ['made', (root: string) => make(root, prefix)],
    [
      'kept',
      async (root: string) => {
        await make(root, prefix);
        return openArchiveCache(root).find(KEY);
      },
    ],
    [
      'refused by the disk',
      (root: string) => {
        mkdirSync(join(root, '.nx/lambda-py'), { recursive: true });
        writeFileSync(join(root, '.nx/lambda-py/archives'), 'a file');
        return make(root, prefix);
      },
    ],
  ])('has all of the contents when it was %s', async (_, open) => {
    const archive = await open(temporaryFolder());
    if (archive === undefined) throw new Error('no archive');
    const read = archive.entries().map(({ segment, entry }) => ({
      name: segment.name,
      path: entry.path,
      content: Buffer.from(entryContent(segment, entry)).toString(),
    }));
    expect(read).toEqual([
      {
        name: 'kit',
        path: 'kit-1.0.dist-info/METADATA',
        content: 'Name: kit\n',
      },
      { name: 'kit', path: 'kit/a.py', content: 'a = 1\n'.repeat(50) },
      { name: 'numbers', path: 'numbers/grün.py', content: 'g = 1\n' },
    ]);
    expect(archive.find('kit/a.py')).toEqual(archive.entries()[1]);
    expect(archive.find('kit/tests/a.py')).toBeUndefined();
    expect([...archive.leftOut()]).toEqual([['kit', ['kit/tests/a.py']]]);
    expect(archive.distributions).toMatchObject([
      {
        name: 'kit',
        bytes: 310,
        metadata: { path: 'kit-1.0.dist-info/METADATA' },
      },
      { name: 'numbers', bytes: 6 },
    ]);
  });
});

describe('openArchiveCache', () => {
  const edit = (path: string, change: (file: Buffer) => Buffer): void => {
    writeFileSync(path, change(readFileSync(path)));
  };
  const flip = (at: number) => (file: Buffer) => {
    const copy = Buffer.from(file);
    const index = at < 0 ? copy.length + at : at;
    copy[index] = (copy[index] ?? 0) ^ 1;
    return copy;
  };

  it.each([
    ['cut off', (file: Buffer) => file.subarray(0, file.length - 1)],
    ['cut off at its start', (file: Buffer) => file.subarray(-100)],
    ['empty', () => Buffer.alloc(0)],
    ['changed in its lengths', flip(-10)],
    ['changed in its description', flip(-100)],
  ])('finds none that was %s', async (_, damage) => {
    const root = temporaryFolder();
    await make(root);
    edit(fileOf(root), damage);
    expect(openArchiveCache(root).find(KEY)).toBeUndefined();
  });

  it('finds none of another key', async () => {
    const root = temporaryFolder();
    await make(root);
    const other = 'b'.repeat(64);
    writeFileSync(
      join(root, '.nx/lambda-py/archives', other),
      readFileSync(fileOf(root)),
    );
    expect(openArchiveCache(root).find(other)).toBeUndefined();
  });

  it.each([
    [
      'damaged',
      (path: string) => {
        edit(path, flip(58));
      },
    ],
    [
      'removed',
      (path: string) => {
        rmSync(path);
      },
    ],
  ])('gives no contents that were %s', async (_, harm) => {
    const root = temporaryFolder();
    const { contents, entries } = await make(root);
    const [{ segment, entry }] = entries() as [ArtifactEntry];
    harm(fileOf(root));
    expect(() => entryContent(segment, entry)).toThrow(UnusableArchiveError);
    await expect(
      checkedDigest({ ...contents, location: fileOf(root) }),
    ).rejects.toThrow(UnusableArchiveError);
  });

  it('leaves nothing behind, and one file for each closure', async () => {
    const root = temporaryFolder();
    await Promise.all([make(root), make(root)]);
    expect(readdirSync(join(root, '.nx/lambda-py/archives'))).toEqual([KEY]);
  });
});

describe('checkedDigest', () => {
  it('can be continued, by each who asks for it', async () => {
    const root = temporaryFolder();
    const { contents } = await make(root);
    const start = { ...contents, location: fileOf(root) };
    const [one, other] = [
      await checkedDigest(start),
      await checkedDigest(start),
    ];
    one.digest.update('more');
    expect(other.digest.digest('hex')).toBe(contents.sha256);
    expect(one.digest.digest('hex')).not.toBe(contents.sha256);
    expect(one.identity).toBe(await fileIdentity(fileOf(root)));
  });
});

describe('artifactContents', () => {
  const local = (files: Record<string, string>) => [
    encodeSegment(sampleDistribution('orders', files, { local: true })),
  ];
  const contentsWith = (files: Record<string, string>) => {
    const segments = local(files);
    return artifactContents(
      sampleArchive(SEGMENTS),
      segments,
      entriesOf(segments),
    );
  };

  it('holds a file once that the closure has as well', () => {
    const contents = contentsWith({
      'kit/a.py': 'a = 1\n'.repeat(50),
      'orders/a.py': '',
    });
    expect(contents.local.map(({ entry }) => entry.path)).toEqual([
      'orders/a.py',
    ]);
    expect(contents.find('kit/a.py')?.segment.name).toBe('kit');
    expect(contents.find('orders/a.py')?.segment.name).toBe('orders');
  });

  it('refuses a file that the closure has otherwise', () => {
    expect(() => contentsWith({ 'kit/a.py': 'a = 2\n' })).toThrow(
      /kit and orders hold different files of the same path[^]*kit\/a\.py/,
    );
  });
});
