// A thread that deflates. It answers each message with its `id` and a result, what is kept of the content, or an error.
// A file it reads itself, and writes what is kept of it to another one: the result has sizes, CRC-32 and digest.
'use strict';

const { createHash } = require('node:crypto');
const {
  closeSync,
  openSync,
  readFileSync,
  readSync,
  writeFileSync,
} = require('node:fs');
const { join } = require('node:path');
const { parentPort, workerData } = require('node:worker_threads');
const { crc32 } = require('node:zlib');
const { startLibdeflate } = require('./libdeflate.js');

const libdeflate = startLibdeflate(workerData.level);
const piece = Buffer.allocUnsafeSlow(256 * 1024);

/** After so many times V8 has compiled libdeflate as well as it can: 20 ms. */
const WARMING_TIMES = 10;

if (workerData.warm) {
  // V8 replaces no code that runs: one large content would be deflated by code that takes 1.4 times as long.
  const sample = readFileSync(join(__dirname, 'libdeflate.wasm'));
  for (let time = 0; time < WARMING_TIMES; time += 1) {
    const open = libdeflate.open(sample.length);
    open.write(sample);
    open.deflate(() => undefined);
    open.close();
  }
}

/** Calls `take` with the file's content, piece by piece: as many bytes as it had, if it has become longer. */
function readPieces({ location, bytes }, take) {
  const descriptor = openSync(location, 'r');
  try {
    for (let left = bytes; left > 0; ) {
      const length = readSync(descriptor, piece, 0, Math.min(left, piece.length));
      if (length === 0) return;
      take(piece.subarray(0, length));
      left -= length;
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a file into libdeflate's memory, so that it is nowhere else. */
function readFile(content, file) {
  const hash = file.algorithm && createHash(file.algorithm);
  let bytes = 0;
  let checksum = 0;
  readPieces(file, (read) => {
    content.write(read);
    hash?.update(read);
    bytes += read.length;
    checksum = crc32(read, checksum);
  });
  return { bytes, checksum, digest: hash?.digest('base64url') };
}

/**
 * Deflates a content that is given, in its own memory: what is neither given back nor collected would stay, since a thread
 * makes too few objects for its garbage to be collected.
 */
function deflateContent(open, content) {
  open.write(content);
  let kept = content;
  const isDeflated = open.deflate((output) => {
    kept = content.subarray(0, output.length);
    kept.set(output);
  });
  return { kept, isDeflated };
}

/** Deflates a file into another one, so that neither it nor what it becomes is anywhere but in libdeflate's memory. */
function deflateFile(open, file) {
  const description = readFile(open, file);
  let keptBytes = 0;
  const write = (output) => {
    writeFileSync(file.keptLocation, output);
    keptBytes = output.length;
  };
  const isDeflated = open.deflate(write);
  if (!isDeflated) open.content(write);
  return { keptBytes, isDeflated, ...description };
}

parentPort.on('message', ({ id, content, file }) => {
  const open = libdeflate.open(content?.length ?? file.bytes);
  try {
    const result =
      content === undefined
        ? deflateFile(open, file)
        : deflateContent(open, content);
    // Memory of its own is moved, and not copied.
    parentPort.postMessage({ id, result }, result.kept ? [result.kept.buffer] : []);
  } catch (error) {
    // A message holds an error without what Node.js has added to it.
    const { code, path } = error;
    parentPort.postMessage({ id, error, of: { code, path } });
  } finally {
    open.close();
  }
});
