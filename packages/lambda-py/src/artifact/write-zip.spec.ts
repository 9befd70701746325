import { execFileSync } from 'node:child_process';
import { unzipSync } from 'fflate';
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ArtifactEntry } from './merge-segments';
import { mergeSegments } from './merge-segments';
import { encodeSegment } from './encode-segment';
import {
  elfHeader,
  sampleDistribution,
  sampleEntries,
  useTemporaryFolders,
} from './testing/samples';
import { writeZip } from './write-zip';

const temporaryFolder = useTemporaryFolders();
const ALPHA = {
  'alpha/z.py': 'z = 1\n'.repeat(100),
  'alpha/a.py': '',
  'alpha/grün.txt': 'grün',
};
const BETA = { 'beta/run.sh': '#!/bin/sh\n', 'aaa.so': elfHeader(62) };

async function zipOf(
  entries: readonly ArtifactEntry[],
  prefix?: string,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let isWriting = false;
  const write = async (chunk: Uint8Array): Promise<void> => {
    expect(isWriting).toBe(false);
    isWriting = true;
    await setImmediate();
    isWriting = false;
    chunks.push(chunk);
  };
  const { bytes, sha256 } = await writeZip(entries, write, prefix);
  expect(createHash('sha256').update(Buffer.concat(chunks)).digest()).toEqual(
    sha256,
  );
  const zip = Buffer.concat(chunks);
  expect(zip).toHaveLength(bytes);
  return zip;
}

describe('writeZip', () => {
  it('writes what went in', async () => {
    const contents = unzipSync(await zipOf(sampleEntries({ ALPHA, BETA })));
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
    writeFileSync(file, await zipOf(sampleEntries({ BETA, ALPHA })));
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
    expect(await zipOf(sampleEntries({ BETA, ALPHA: reversed }))).toEqual(
      await zipOf(sampleEntries({ ALPHA, BETA })),
    );
  });

  it('leaves a file out of the body that a segment before it has', async () => {
    const namespace = { 'ns/__init__.py': 'shared = True\n' };
    const zip = await zipOf(
      sampleEntries({
        one: { ...namespace, 'ns/one.py': '1' },
        two: { 'ns/0.py': '0', ...namespace, 'ns/two.py': '2' },
      }),
    );
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
      const zip = await zipOf(sampleEntries({ files }), prefix);
      for (const [path, content] of Object.entries(unzipSync(zip))) {
        const name = path.slice(prefix.length) as keyof typeof files;
        expect(Buffer.compare(content, files[name])).toBe(0);
      }
    }
  });

  it('can be empty', async () => {
    expect(unzipSync(await zipOf([]))).toEqual({});
  });

  it('refuses more entries than a zip holds', async () => {
    const [entry] = sampleEntries({ one: { 'a.py': '' } });
    if (entry === undefined) throw new Error('no entry');
    const entries = new Array<ArtifactEntry>(65_536).fill(entry);
    await expect(writeZip(entries, () => Promise.resolve())).rejects.toThrow(
      '65536 files',
    );
  });
});

describe('mergeSegments', () => {
  it('refuses different files of the same path', () => {
    const one = encodeSegment(sampleDistribution('one', { 'conf.py': 'a' }));
    const two = encodeSegment(sampleDistribution('two', { 'conf.py': 'b' }));
    expect(() => mergeSegments([two, one])).toThrow(
      /one and two hold different files of the same path.*\n.*conf\.py/,
    );
  });
});
