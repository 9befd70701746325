/**
 * The format of Python's `marshal`, which code objects are kept in:
 * https://github.com/python/cpython/blob/main/Python/marshal.c. It has no specification, but the layouts below are
 * those of 3.11 to 3.14, and of 3.10 for its code objects.
 */

/** An object; one that is referred to from several places is one node. */
export interface MarshalNode {
  type: number;
  /** The bytes that follow the type, up to the objects that it holds. */
  readonly start: number;
  end: number;
  objects: readonly MarshalNode[];
  /** Where four bytes stand between the objects of a code object: the number of its first line. */
  lineAt?: number;
  uses: number;
  index?: number;
}

/** Set in the type of an object that is referred to later. */
export const FLAG_REF = 0x80;
/** A reference: the number of an object that was marked. */
export const REFERENCE = code('r');
/** A code object. */
export const CODE = code('c');
/** A frozenset. */
export const FROZENSET = code('>');
/** The end of a dictionary. */
export const NULL = code('0');
/** A short ASCII str. */
export const SHORT_ASCII = code('z');
/** A short ASCII str that is interned. */
export const SHORT_ASCII_INTERNED = code('Z');
/** A str in UTF-8. */
export const UNICODE = code('u');
/** Each form of a str and, in its place, the form of one that is not interned. */
export const PLAIN_FORMS = new Map(
  Object.entries({ z: 'z', Z: 'z', a: 'a', A: 'a', u: 'u', t: 'u' }).map(
    ([form, plain]) => [code(form), code(plain)] as const,
  ),
);

/** How many bytes follow the type, where that is fixed. */
export const FIXED_BYTES = new Map(
  Object.entries({
    0: 0,
    N: 0,
    F: 0,
    T: 0,
    S: 0,
    '.': 0,
    i: 4,
    I: 8,
    g: 8,
    y: 16,
  }).map(([type, bytes]) => [code(type), bytes] as const),
);
/** Types with a length of four bytes and as many bytes: bytes, and str in most of its forms. */
export const LONG_BYTES = codes('sutaA');
/** Types with a length of one byte and as many bytes: short ASCII str, interned or not. */
export const SHORT_BYTES = codes('zZ');
/** Types with a count of four bytes and as many objects: tuple, list, set, frozenset. */
export const LONG_COLLECTIONS = codes('([<>');
/** A tuple with a count of one byte. */
export const SHORT_TUPLE = code(')');
/** An int of any size. */
export const INTEGER = code('l');
/** A dict. */
export const DICTIONARY = code('{');
/** A slice. */
export const SLICE = code(':');

/** What a code object is written as: numbers, objects, the number of its first line, objects. */
export interface CodeLayout {
  readonly numberBytes: number;
  readonly lastObjects: number;
}

/** The number of a code object's first line. */
export const LINE_BYTES = 4;
/** The objects of a code object that stand before that number. */
export const FIRST_OBJECTS = 8;
// 3.11 took nlocals out and put qualname and exceptiontable in: `TYPE_CODE` in marshal.c.
/** The layout of 3.11 to 3.14. */
export const CODE_LAYOUT: CodeLayout = { numberBytes: 20, lastObjects: 2 };
/** The layout of 3.10. */
export const CODE_LAYOUT_3_10: CodeLayout = { numberBytes: 24, lastObjects: 1 };

function code(type: string): number {
  return type.charCodeAt(0);
}

function codes(types: string): ReadonlySet<number> {
  return new Set(Array.from(types, code));
}
