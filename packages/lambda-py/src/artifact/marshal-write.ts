import {
  FLAG_REF,
  REFERENCE,
  PLAIN_FORMS,
  LINE_BYTES,
  FIRST_OBJECTS,
} from './marshal-format';
import type { MarshalNode } from './marshal-format';

let scratch = Buffer.alloc(0);

/** Memory that is used again: of a closure's thousands of modules, each would leave its own to the garbage collector. */
function scratchOf(bytes: number): Buffer {
  if (scratch.length < bytes) scratch = Buffer.allocUnsafeSlow(bytes);
  return scratch;
}

/**
 * Writes a parsed object.
 *
 * @param input - what it was parsed from
 * @param root - the object
 * @param withMarks - whether what is used more than once is marked and then referred to; an item of a frozenset, which is
 * small and cannot hold itself, is written out
 * @returns the object, marshalled
 */
export function writeMarshal(
  input: Buffer,
  root: MarshalNode,
  withMarks: boolean,
): Buffer {
  // With marks it is less than twice as long as what was read: a reference has five bytes, a string three at least.
  let output = withMarks
    ? scratchOf(2 * input.length)
    : Buffer.allocUnsafe(256);
  let at = 0;
  let marked = 0;
  const copy = (start: number, end: number): void => {
    const needed = at + (end - start) + LINE_BYTES + 1;
    if (needed > output.length && !withMarks) {
      output = Buffer.concat([output, Buffer.allocUnsafe(needed)]);
    }
    input.copy(output, at, start, end);
    at += end - start;
  };
  const visit = (node: MarshalNode): void => {
    if (withMarks && node.index !== undefined) {
      output.writeUInt8(REFERENCE, at);
      output.writeUInt32LE(node.index, at + 1);
      at += 5;
      return;
    }
    const isMarked = withMarks && node.uses > 1;
    if (isMarked) {
      node.index = marked;
      marked += 1;
    }
    const type = withMarks
      ? node.type
      : (PLAIN_FORMS.get(node.type) ?? node.type);
    output.writeUInt8(type | (isMarked ? FLAG_REF : 0), at);
    at += 1;
    copy(node.start, node.end);
    node.objects.forEach((object, index) => {
      if (node.lineAt !== undefined && index === FIRST_OBJECTS) {
        copy(node.lineAt, node.lineAt + LINE_BYTES);
      }
      visit(object);
    });
  };
  visit(root);
  // A copy: the rest is not kept in memory.
  return Buffer.from(output.subarray(0, at));
}
