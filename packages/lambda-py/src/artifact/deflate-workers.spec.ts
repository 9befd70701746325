import { inflateSync } from 'fflate';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { deflate, isCompressed } from './deflate';
import { startDeflateWorkers } from './deflate-workers';
import type { Distribution, LargeFile } from './distribution';
import { encodeEarly, encodeHugeEarly } from './encode-content';
import { encodeSegment, encodeSegmentInParallel } from './encode-segment';
import {
  elfHeader,
  sampleDistribution,
  useTemporaryFolders,
} from './testing/samples';

const temporaryFolder = useTemporaryFolders();
// So large that it gets a thread of its own.
const HUGE = Buffer.alloc(9 * 1024 ** 2, 'bytes of a library ');
const TEXT = Buffer.from('the same line again\n'.repeat(5000));

describe('deflate', () => {
  it('keeps what deflating would not make smaller', () => {
    expect(deflate(Buffer.from('a'))).toEqual({
      kept: Buffer.from('a'),
      isDeflated: false,
    });
    const { kept, isDeflated } = deflate(TEXT);
    expect(isDeflated).toBe(true);
    expect(Buffer.from(inflateSync(kept))).toEqual(TEXT);
  });

  it('does not deflate what is compressed already', () => {
    // Much of it could still be deflated: it is not tried.
    const gzip = Buffer.concat([gzipSync(TEXT), TEXT]);
    expect(isCompressed(gzip)).toBe(true);
    expect(deflate(gzip)).toEqual({ kept: gzip, isDeflated: false });
    expect(isCompressed(TEXT)).toBe(false);
    expect(isCompressed(Buffer.alloc(0))).toBe(false);
  });
});

describe('files/libdeflate.wasm', () => {
  it('is what the npm package libdeflate holds', () => {
    const root = join(__dirname, '../../../..');
    const [, base64 = ''] =
      /;base64,([A-Za-z0-9+/=]+)/.exec(
        readFileSync(
          join(root, 'node_modules/libdeflate/dist/libdeflate.wasm.mjs'),
          'latin1',
        ),
      ) ?? [];
    expect(
      readFileSync(join(__dirname, 'files/libdeflate.wasm')).toString('base64'),
    ).toBe(base64);
  });

  it('gives the bytes that it always gave', () => {
    // Another version of libdeflate, or another level, needs another SEGMENT_FORMAT.
    const { kept } = deflate(
      readFileSync(join(__dirname, 'files/libdeflate.wasm')),
    );
    expect(createHash('sha256').update(kept).digest('hex')).toBe(
      '433a3161d3cd4f682cd66949fc7f7bdf2170e4e4072ea15fd59848d61fc4114b',
    );
  });
});

describe('startDeflateWorkers', () => {
  const files = Object.fromEntries([
    ['empty.py', ''],
    ['small.py', 'x = 1\n'],
    ['random.bin', randomBytes(40_000)],
    ['large.txt', Buffer.alloc(9 * 1024 ** 2, 'abcdefg ')],
    // Half of its size is not room enough.
    ['large.bin', randomBytes(2 * 1024 ** 2)],
    [
      'large.hex',
      Buffer.from(randomBytes(1024 ** 2).toString('hex'), 'latin1'),
    ],
    ['lib.so', Buffer.concat([elfHeader(62), Buffer.alloc(50_000, 'code ')])],
    // It starts as something that is compressed does.
    ['large.gz', Buffer.concat([gzipSync(TEXT), Buffer.alloc(90_000, 'abc')])],
    ...Array.from({ length: 200 }, (_, index) => [
      `pkg/m${index}.py`,
      `value = ${index}\n`.repeat(50 + index),
    ]),
  ]) as Readonly<Record<string, string | Uint8Array>>;

  it.each([0, 1, 3])(
    'gives the same bytes with %i threads',
    async (threads) => {
      const workers = startDeflateWorkers(temporaryFolder(), threads);
      try {
        const pieces: Uint8Array[] = [];
        const description = await encodeSegmentInParallel(
          asFiles(sampleDistribution('pkg', files), temporaryFolder()),
          workers,
          (piece) => pieces.push(Buffer.from(piece)),
        );
        const { body, ...expected } = encodeSegment(
          sampleDistribution('pkg', files),
        );
        expect(description).toEqual(expected);
        expect(Buffer.compare(Buffer.concat(pieces), body)).toBe(0);
      } finally {
        await workers.stop();
      }
    },
  );

  it.each([0, 1])(
    'gives the same bytes for what was given away before, with %i threads',
    async (threads) => {
      const workers = startDeflateWorkers(temporaryFolder(), threads);
      try {
        const pieces: Uint8Array[] = [];
        const distribution = sampleDistribution('pkg', files);
        const early = distribution.files.map(({ path, read }) => ({
          path,
          ...encodeEarly(workers, Buffer.from(read())),
        }));
        expect(() => early[0]?.read()).toThrow('given away');
        const huge = asFiles(
          sampleDistribution('pkg', { 'huge.bin': HUGE }),
          temporaryFolder(),
        );
        const [begun] = encodeHugeEarly(workers, huge).files;
        // A thread reads it: where there is none, it is not begun.
        expect(begun?.early !== undefined).toBe(threads > 0);
        const description = await encodeSegmentInParallel(
          {
            ...distribution,
            files: [...early, ...(begun === undefined ? [] : [begun])],
          },
          workers,
          (piece) => pieces.push(Buffer.from(piece)),
        );
        const { body, ...expected } = encodeSegment(
          sampleDistribution('pkg', { ...files, 'huge.bin': HUGE }),
        );
        expect(description).toEqual(expected);
        expect(Buffer.compare(Buffer.concat(pieces), body)).toBe(0);
      } finally {
        await workers.stop();
      }
    },
  );

  it('fails for what a thread cannot read, and for nothing else', async () => {
    const workers = startDeflateWorkers(temporaryFolder(), 1);
    try {
      const location = join(temporaryFolder(), 'missing');
      const file = {
        head: TEXT,
        source: { location, bytes: 9 },
        check: () => undefined,
      };
      await expect(workers.deflateFile(file)).rejects.toThrow('ENOENT');
      // By these a full disk is known, and told with what mends it.
      await expect(workers.deflateFile(file)).rejects.toMatchObject({
        code: 'ENOENT',
        path: location,
      });
      writeFileSync(location, 'shorter');
      await expect(workers.deflateFile(file)).resolves.toMatchObject({
        bytes: 7,
        isDeflated: false,
      });
      await expect(workers.deflate(Buffer.from(TEXT))).resolves.toMatchObject({
        isDeflated: true,
      });
    } finally {
      await workers.stop();
    }
  });

  it('leaves memory that is shared where it is', async () => {
    const workers = startDeflateWorkers(temporaryFolder(), 1);
    try {
      const whole = Buffer.alloc(200_000, 'the same line again ');
      const half = whole.subarray(0, 100_000);
      const { kept } = await workers.deflate(half);
      expect(Buffer.compare(inflateSync(kept), half)).toBe(0);
      expect(whole).toHaveLength(200_000);
    } finally {
      await workers.stop();
    }
  });
});

/** The same files, of which the threads read those of 1 kB and more themselves. */
function asFiles(distribution: Distribution, folder: string): Distribution {
  return {
    ...distribution,
    files: distribution.files.map(({ path, read }, index) => ({
      path,
      read,
      large: (): LargeFile | undefined => {
        const content = read();
        if (content.length < 1000) return undefined;
        const location = join(folder, String(index));
        writeFileSync(location, content);
        const { length: bytes } = content;
        return {
          head: content.subarray(0, 64),
          source: { location, bytes, algorithm: 'sha256' },
          check: (digest) => {
            expect(digest).toBe(
              createHash('sha256').update(content).digest('base64url'),
            );
          },
        };
      },
    })),
  };
}
