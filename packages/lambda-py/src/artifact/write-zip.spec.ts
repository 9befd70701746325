import { execFileSync } from 'node:child_process';
import { unzipSync } from 'fflate';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { ArtifactEntry } from './merge-segments';
import { entriesOf, mergeEntries } from './merge-segments';
import { encodeSegment } from './encode-segment';
import type { Segment } from './segment';
import {
  elfHeader,
  sampleArchive,
  sampleDistribution,
  sampleEntries,
  sampleSegments,
  useTemporaryFolders,
} from './testing/samples';
import type { Files } from './testing/samples';
import { writeZip } from './write-zip';

const temporaryFolder = useTemporaryFolders();
const ALPHA = {
  'alpha/z.py': 'z = 1\n'.repeat(100),
  'alpha/a.py': '',
  'alpha/grün.txt': 'grün',
};
const BETA = { 'beta/run.sh': '#!/bin/sh\n', 'aaa.so': elfHeader(62) };

/** A zip of distributions, of which those named are its start. */
async function zipOf(
  distributions: Readonly<Record<string, Files>>,
  { prefix = '', start = [] as readonly string[] } = {},
): Promise<Buffer> {
  const segments = sampleSegments(distributions);
  const isStart = ({ name }: Segment): boolean => start.includes(name);
  const { contents, directory } = sampleArchive(
    segments.filter(isStart),
    prefix,
  );
  const content = 'content' in contents ? contents.content : Buffer.of();
  const chunks: Uint8Array[] = [content];
  let isWriting = false;
  const { bytes: zipBytes, sha256 } = await writeZip(
    {
      bytes: content.length,
      directory,
      written: Promise.resolve(createHash('sha256').update(content)),
    },
    mergeEntries(entriesOf(segments.filter((one) => !isStart(one)))),
    async (chunk) => {
      expect(isWriting).toBe(false);
      isWriting = true;
      await setImmediate();
      isWriting = false;
      chunks.push(chunk);
    },
    prefix,
  );
  const zip = Buffer.concat(chunks);
  expect(createHash('sha256').update(zip).digest()).toEqual(sha256);
  expect(zip).toHaveLength(zipBytes);
  return zip;
}

describe('writeZip', () => {
  it('writes what went in', async () => {
    const contents = unzipSync(await zipOf({ ALPHA, BETA }));
    expect(
      Object.fromEntries(
        Object.entries(contents).map(([path, content]) => [
          path,
          Buffer.from(content),
        ]),
      ),
    ).toEqual(
      Object.fromEntries(
        Object.entries({ ...ALPHA, ...BETA }).map(([path, content]) => [
          path,
          Buffer.from(content),
        ]),
      ),
    );
  });

  it('is read by Python: sorted names, fixed times and modes, UTF-8', async () => {
    const file = join(temporaryFolder(), 'a.zip');
    writeFileSync(file, await zipOf({ BETA, ALPHA }));
    const script = `
import json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
assert archive.testzip() is None
print(json.dumps([[i.filename, oct(i.external_attr >> 16), i.date_time, i.create_system, len(i.extra)] for i in archive.infolist()]))`;
    const listing: unknown = JSON.parse(
      execFileSync('python3', ['-I', '-c', script, file], { encoding: 'utf8' }),
    );
    const epoch = [1980, 1, 1, 0, 0, 0];
    expect(listing).toEqual([
      ['aaa.so', '0o100755', epoch, 3, 0],
      ['alpha/a.py', '0o100644', epoch, 3, 0],
      ['alpha/grün.txt', '0o100644', epoch, 3, 0],
      ['alpha/z.py', '0o100644', epoch, 3, 0],
      ['beta/run.sh', '0o100755', epoch, 3, 0],
    ]);
  });

  it('gives the same bytes in whatever order segments and files come', async () => {
    const reversed = Object.fromEntries(Object.entries(ALPHA).reverse());
    expect(await zipOf({ BETA, ALPHA: reversed })).toEqual(
      await zipOf({ ALPHA, BETA }),
    );
  });

  it('leaves a file out of the body that a segment before it has', async () => {
    const namespace = { 'ns/__init__.py': 'shared = True\n' };
    const zip = await zipOf({
      one: { ...namespace, 'ns/one.py': '1' },
      two: { 'ns/0.py': '0', ...namespace, 'ns/two.py': '2' },
    });
    expect(Object.keys(unzipSync(zip)).sort()).toEqual([
      'ns/0.py',
      'ns/__init__.py',
      'ns/one.py',
      'ns/two.py',
    ]);
    expect(zip.toString('latin1').split('shared = True')).toHaveLength(2);
  });

  it('writes small pieces together, and large ones as they are', async () => {
    const files = {
      'a.bin': randomBytes(100),
      'b.bin': randomBytes(600_000),
      'c.bin': randomBytes(200_000),
      'd.bin': randomBytes(200_000),
      'e.bin': randomBytes(1),
    };
    for (const prefix of ['', 'python/']) {
      const zip = await zipOf({ files }, { prefix });
      for (const [path, content] of Object.entries(unzipSync(zip))) {
        const name = path.slice(prefix.length) as keyof typeof files;
        expect(Buffer.compare(content, files[name])).toBe(0);
      }
    }
  });

  it.each(['', 'python/'])(
    'gives the same bytes whether it starts with an archive, below %j',
    async (prefix) => {
      const distributions = { ALPHA, BETA, GAMMA: { 'alpha/b.py': 'b = 1' } };
      const zip = await zipOf(distributions, { prefix });
      for (const start of [
        ['ALPHA'],
        ['ALPHA', 'BETA'],
        Object.keys(distributions),
      ]) {
        expect(await zipOf(distributions, { prefix, start })).toEqual(zip);
      }
    },
  );

  it('can be empty', async () => {
    expect(unzipSync(await zipOf({}))).toEqual({});
  });

  it('refuses more entries than a zip holds', async () => {
    const [entry] = sampleEntries({ one: { 'a.py': '' } });
    if (entry === undefined) throw new Error('no entry');
    const entries = new Array<ArtifactEntry>(65_536).fill(entry);
    const start = {
      bytes: 0,
      directory: sampleArchive([]).directory,
      written: Promise.resolve(createHash('sha256')),
    };
    let isCopied = false;
    start.written = delay(20).then(() => {
      isCopied = true;
      return createHash('sha256');
    });
    await expect(
      writeZip(start, entries, () => Promise.resolve()),
    ).rejects.toThrow('65536 files');
    // Whoever has started to copy is not left alone with it.
    expect(isCopied).toBe(true);
  });
});

describe('mergeEntries', () => {
  it('refuses different files of the same path', () => {
    const one = encodeSegment(sampleDistribution('one', { 'conf.py': 'a' }));
    const two = encodeSegment(sampleDistribution('two', { 'conf.py': 'b' }));
    expect(() => mergeEntries(entriesOf([two, one]))).toThrow(
      /one and two hold different files of the same path.*\n.*conf\.py/,
    );
  });
});
