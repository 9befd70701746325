// A thread that deflates. It answers each message with its `id` and a result, what is kept of the content, or an error. Of
// a content that it reads itself the result has size, CRC-32 and digest too.
'use strict';

const { createHash } = require('node:crypto');
const { closeSync, openSync, readSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');
const { crc32 } = require('node:zlib');
const { startLibdeflate } = require('./libdeflate.js');

const libdeflate = startLibdeflate(workerData.level);
const piece = Buffer.allocUnsafeSlow(256 * 1024);

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

parentPort.on('message', ({ id, content, file }) => {
  const open = libdeflate.open(content?.length ?? file.bytes);
  try {
    const description = content === undefined ? readFile(open, file) : {};
    if (content !== undefined) open.write(content);
    const deflated = open.deflate();
    const kept = deflated ?? open.content();
    const isDeflated = deflated !== undefined;
    parentPort.postMessage({ id, result: { kept, isDeflated, ...description } }, [kept.buffer]);
  } catch (error) {
    parentPort.postMessage({ id, error });
  } finally {
    open.close();
  }
});
