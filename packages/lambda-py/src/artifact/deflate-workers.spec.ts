import { inflateSync } from 'fflate';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { deflate, isCompressed } from './deflate';
import { startDeflateWorkers } from './deflate-workers';
import { encodeSegment, encodeSegmentInParallel } from './segment';
import { sampleDistribution } from './testing/samples';

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

describe('startDeflateWorkers', () => {
  const files = Object.fromEntries([
    ['empty.py', ''],
    ['small.py', 'x = 1\n'],
    ['random.bin', randomBytes(40_000)],
    ['large.txt', Buffer.alloc(9 * 1024 ** 2, 'abcdefg ')],
    ...Array.from({ length: 200 }, (_, index) => [
      `pkg/m${index}.py`,
      `value = ${index}\n`.repeat(50 + index),
    ]),
  ]) as Readonly<Record<string, string | Uint8Array>>;

  it.each([0, 1, 3])(
    'gives the same bytes with %i threads',
    async (threads) => {
      const workers = startDeflateWorkers(threads);
      try {
        const segment = await encodeSegmentInParallel(
          sampleDistribution('pkg', files),
          workers,
        );
        const expected = encodeSegment(sampleDistribution('pkg', files));
        expect(segment.entries).toEqual(expected.entries);
        expect(Buffer.compare(segment.body, expected.body)).toBe(0);
      } finally {
        await workers.stop();
      }
    },
  );

  it('leaves memory that is shared where it is', async () => {
    const workers = startDeflateWorkers(1);
    try {
      const whole = Buffer.concat([TEXT, TEXT]);
      const half = whole.subarray(0, TEXT.length);
      const { kept } = await workers.deflate(half);
      expect(Buffer.from(inflateSync(kept))).toEqual(TEXT);
      expect(whole).toHaveLength(2 * TEXT.length);
    } finally {
      await workers.stop();
    }
  });
});
