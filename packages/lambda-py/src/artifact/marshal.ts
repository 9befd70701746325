import { CODE_LAYOUT, CODE_LAYOUT_3_10 } from './marshal-format';
import { parseMarshal } from './marshal-parse';
import { writeMarshal } from './marshal-write';

/**
 * Writes a marshalled object anew, so that its bytes depend on its value alone.
 *
 * What `marshal.dumps` writes depends on more. It marks an object for later reference whenever its reference count is
 * above one, which anything else in the process may have caused (https://github.com/python/cpython/issues/78274); it
 * orders a frozenset by bytes that hold such marks; and whether two equal constants are one object, and strings interned
 * ones, depends on what the process has interned before. Here exactly what is referred to is marked, frozensets are
 * ordered by bytes without marks, equal strings and collections are one, and a string of one character is interned where
 * it could be a name.
 *
 * @param marshalled - what `marshal.dumps` of the given Python wrote
 * @param pythonVersion - major and minor: `3.13`
 * @returns the same object, marshalled canonically
 */
export function canonicalMarshal(
  marshalled: Uint8Array,
  pythonVersion: string,
): Uint8Array {
  const input = Buffer.from(
    marshalled.buffer,
    marshalled.byteOffset,
    marshalled.length,
  );
  const root = parseMarshal(
    input,
    pythonVersion === '3.10' ? CODE_LAYOUT_3_10 : CODE_LAYOUT,
  );
  return writeMarshal(input, root, true);
}
