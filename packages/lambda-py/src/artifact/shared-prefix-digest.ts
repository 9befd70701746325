import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

/** A SHA-256 that is computed piece by piece. */
export interface PrefixDigest {
  /** Takes the next piece, which must never change. */
  readonly add: (piece: Uint8Array) => void;
  readonly end: () => Buffer;
}

/** A piece that was digested, and the digest's state after it. */
interface DigestedPiece {
  readonly memory: WeakRef<ArrayBufferLike>;
  readonly offset: number;
  readonly length: number;
  readonly state: Hash;
}

/** The pieces of the content that was digested last. */
let known: readonly DigestedPiece[] = [];

/**
 * Starts a digest. Services that are packed in one process mostly have the same dependencies, which their zips start
 * with, in the same memory: what the last content started with as well is not digested again.
 *
 * @returns the digest of no piece yet
 */
export function startDigest(): PrefixDigest {
  const digested: DigestedPiece[] = [];
  const earlier = known;
  // As long as all pieces are those of the earlier content, there is no digest of this one yet.
  let own: Hash | undefined;
  const stateSoFar = (): Hash =>
    digested.at(-1)?.state.copy() ?? createHash('sha256');
  return {
    add: (piece) => {
      const same = own === undefined ? earlier[digested.length] : undefined;
      if (same !== undefined && isPiece(same, piece)) {
        digested.push(same);
        return;
      }
      own ??= stateSoFar();
      own.update(piece);
      digested.push({
        memory: new WeakRef(piece.buffer),
        offset: piece.byteOffset,
        length: piece.length,
        state: own.copy(),
      });
    },
    end: () => {
      known = digested;
      return (own ?? stateSoFar()).digest();
    },
  };
}

function isPiece(
  { memory, offset, length }: DigestedPiece,
  piece: Uint8Array,
): boolean {
  return (
    memory.deref() === piece.buffer &&
    offset === piece.byteOffset &&
    length === piece.length
  );
}
