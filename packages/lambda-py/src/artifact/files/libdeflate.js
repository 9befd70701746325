// Runs libdeflate, as WebAssembly: its bytes are the same on every processor and with every Node.js.
//
// JavaScript and not TypeScript, since a thread loads this file too, and a thread has no compiler.
// libdeflate.wasm is what Emscripten made for the npm package `libdeflate`; tools/libdeflate.mjs takes it from there.
'use strict';

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const WASM_PAGE_BYTES = 64 * 1024;

/** From here on, half of the content's size is tried first as room for the output. */
const LARGE_BYTES = 1024 * 1024;

/**
 * Starts libdeflate. It keeps its memory, which is that of the largest content and of what it was deflated to.
 *
 * @param {number} level - 1 to 12
 * @returns {{ open: (bytes: number) => { write: (piece: Uint8Array) => void,
 * deflate: (take: (output: Uint8Array) => void) => boolean, content: (take: (content: Uint8Array) => void) => void,
 * close: () => void } }} takes a content of a given size in pieces; `deflate` gives it deflated (RFC 1951), and is false
 * where that makes it no smaller; `close` has to be called at the end. What `take` is given is libdeflate's own memory,
 * and to be copied or written at once
 */
exports.startLibdeflate = (level) => {
  const program = new WebAssembly.Module(
    readFileSync(join(__dirname, 'libdeflate.wasm')),
  );
  // Emscripten gives imports and exports names of one letter: emscripten_resize_heap, emscripten_memcpy_big.
  const { exports } = new WebAssembly.Instance(program, {
    a: {
      a: (bytes) => {
        const missing = (bytes >>> 0) - memory.buffer.byteLength;
        try {
          memory.grow(Math.ceil(missing / WASM_PAGE_BYTES));
          return 1;
        } catch {
          return 0;
        }
      },
      b: (to, from, bytes) => {
        new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes);
      },
    },
  });
  const {
    c: memory,
    d: callConstructors,
    e: allocateCompressor,
    f: compress,
    n: allocateBytes,
    o: free,
  } = exports;
  const allocate = (allocator, number) => {
    const address = allocator(number);
    if (address === 0) throw new Error('libdeflate: out of memory');
    return address >>> 0;
  };
  const bytesAt = (address, bytes) =>
    new Uint8Array(memory.buffer, address, bytes);
  callConstructors();
  const compressor = allocate(allocateCompressor, level);
  return {
    open: (bytes) => {
      const input = allocate(allocateBytes, Math.max(bytes, 1));
      let written = 0;
      const deflateInto = (room, take) => {
        const output = allocate(allocateBytes, Math.max(room, 1));
        try {
          // 0 where it would need more room. What it writes does not depend on the room that is left.
          const length = compress(compressor, input, written, output, room);
          if (length > 0) take(bytesAt(output, length));
          return length > 0;
        } finally {
          free(output);
        }
      };
      return {
        write: (piece) => {
          if (written + piece.length > bytes) {
            throw new RangeError(`libdeflate: more than ${bytes} bytes`);
          }
          new Uint8Array(memory.buffer).set(piece, input + written);
          written += piece.length;
        },
        deflate: (take) =>
          (written >= LARGE_BYTES && deflateInto(written >>> 1, take)) ||
          deflateInto(Math.max(written - 1, 0), take),
        content: (take) => {
          take(bytesAt(input, written));
        },
        close: () => {
          free(input);
        },
      };
    },
  };
};
