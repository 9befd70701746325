import { createHash } from 'node:crypto';
import { startDigest } from './shared-prefix-digest';

const [A, B, C] = ['aaa', 'bb', 'c'].map((text) =>
  Uint8Array.from(Buffer.from(text)),
) as [Uint8Array, Uint8Array, Uint8Array];

function digestOf(...pieces: readonly Uint8Array[]): string {
  const digest = startDigest();
  for (const piece of pieces) digest.add(piece);
  return digest.end().toString('hex');
}

function expected(...pieces: readonly Uint8Array[]): string {
  return createHash('sha256').update(Buffer.concat(pieces)).digest('hex');
}

describe('startDigest', () => {
  it.each([
    ['the same pieces', [A, B]],
    ['more pieces', [A, B, C]],
    ['fewer pieces', [A]],
    ['none', []],
    ['other pieces after the same', [A, C, B]],
    ['other pieces before the same', [C, A, B]],
    ['a part of the same memory', [A.subarray(1), B]],
    ['equal bytes in other memory', [Uint8Array.from(A), B]],
  ])('is SHA-256 after a content with %s', (_, pieces) => {
    expect(digestOf(...pieces)).toBe(expected(...pieces));
    expect(digestOf(A, B)).toBe(expected(A, B));
    expect(digestOf(...pieces)).toBe(expected(...pieces));
  });

  it('is SHA-256 of each of two contents that are digested at the same time', () => {
    digestOf(A, B);
    const [one, other] = [startDigest(), startDigest()];
    one.add(A);
    other.add(A);
    one.add(B);
    other.add(C);
    one.add(C);
    expect(one.end().toString('hex')).toBe(expected(A, B, C));
    other.add(B);
    expect(other.end().toString('hex')).toBe(expected(A, C, B));
  });

  it('does not digest again what is the same', () => {
    const first = Uint8Array.from(Buffer.from('first'));
    digestOf(first, B);
    const before = expected(first, B);
    // What is promised never to change is not read a second time.
    first.fill(0);
    expect(digestOf(first, B)).toBe(before);
  });
});
