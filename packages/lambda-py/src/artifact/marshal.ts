/**
 * The format of Python's `marshal`, which code objects are kept in:
 * https://github.com/python/cpython/blob/main/Python/marshal.c. It has no specification, but the layouts below are
 * those of 3.11 to 3.14, and of 3.10 for its code objects.
 */

/** An object; one that is referred to from several places is one node. */
interface MarshalNode {
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

const FLAG_REF = 0x80;
const REFERENCE = code('r');
const CODE = code('c');
const FROZENSET = code('>');
const NULL = code('0');
const SHORT_ASCII = code('z');
const SHORT_ASCII_INTERNED = code('Z');
const UNICODE = code('u');
/** Each form of a str and, in its place, the form of one that is not interned. */
const PLAIN_FORMS = new Map(
  Object.entries({ z: 'z', Z: 'z', a: 'a', A: 'a', u: 'u', t: 'u' }).map(
    ([form, plain]) => [code(form), code(plain)] as const,
  ),
);

/** How many bytes follow the type, where that is fixed. */
const FIXED_BYTES = new Map(
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
const LONG_BYTES = codes('sutaA');
/** Types with a length of one byte and as many bytes: short ASCII str, interned or not. */
const SHORT_BYTES = codes('zZ');
/** Types with a count of four bytes and as many objects: tuple, list, set, frozenset. */
const LONG_COLLECTIONS = codes('([<>');
const SHORT_TUPLE = code(')');
const INTEGER = code('l');
const DICTIONARY = code('{');
const SLICE = code(':');

/** What a code object is written as: numbers, objects, the number of its first line, objects. */
interface CodeLayout {
  readonly numberBytes: number;
  readonly lastObjects: number;
}

const LINE_BYTES = 4;
const FIRST_OBJECTS = 8;
// 3.11 took nlocals out and put qualname and exceptiontable in: `TYPE_CODE` in marshal.c.
const CODE_LAYOUT: CodeLayout = { numberBytes: 20, lastObjects: 2 };
const CODE_LAYOUT_3_10: CodeLayout = { numberBytes: 24, lastObjects: 1 };

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
  const root = parse(
    input,
    pythonVersion === '3.10' ? CODE_LAYOUT_3_10 : CODE_LAYOUT,
  );
  return write(input, root, true);
}

function parse(input: Buffer, layout: CodeLayout): MarshalNode {
  const marked: MarshalNode[] = [];
  let at = 0;
  const objects = (count: number): MarshalNode[] => {
    const found: MarshalNode[] = [];
    for (let index = 0; index < count; index += 1) found.push(object());
    return found;
  };
  /** Reads what follows the type, and says which objects the node holds. */
  const readInto = (node: MarshalNode, type: number): void => {
    const head = (bytes: number): void => {
      at += bytes;
      node.end = at;
    };
    const fixed = FIXED_BYTES.get(type);
    if (fixed !== undefined) {
      head(fixed);
    } else if (SHORT_BYTES.has(type)) {
      head(1 + input.readUInt8(at));
    } else if (LONG_BYTES.has(type)) {
      head(4 + input.readUInt32LE(at));
    } else if (type === SHORT_TUPLE) {
      head(1);
      node.objects = objects(input.readUInt8(at - 1));
    } else if (LONG_COLLECTIONS.has(type)) {
      head(4);
      const items = objects(input.readUInt32LE(at - 4));
      node.objects = type === FROZENSET ? ordered(input, items) : items;
    } else if (type === INTEGER) {
      // 15 bits in each two bytes; the sign is the count's.
      head(4 + 2 * Math.abs(input.readInt32LE(at)));
    } else if (type === CODE) {
      head(layout.numberBytes);
      const first = objects(FIRST_OBJECTS);
      node.lineAt = at;
      at += LINE_BYTES;
      node.objects = [...first, ...objects(layout.lastObjects)];
    } else if (type === SLICE) {
      node.objects = objects(3);
    } else if (type === DICTIONARY) {
      const items = objects(1);
      while (items.at(-1)?.type !== NULL) items.push(object());
      node.objects = items;
    } else {
      throw new Error(`marshal: unknown type ${type} at ${at - 1}`);
    }
  };
  function object(): MarshalNode {
    const flagged = input.readUInt8(at);
    const type = flagged & ~FLAG_REF;
    at += 1;
    if (type === REFERENCE) {
      const node = marked[input.readUInt32LE(at)];
      if (node === undefined) throw new Error('marshal: dangling reference');
      at += 4;
      node.uses += 1;
      return node;
    }
    const node: MarshalNode = {
      type,
      start: at,
      end: at,
      objects: [],
      uses: 1,
    };
    const plain = PLAIN_FORMS.get(type);
    if (plain !== undefined) {
      readInto(node, type);
      const known = shareString(node, plain);
      if (flagged !== type) marked.push(known);
      return known;
    }
    // Before the objects that it holds, as CPython numbers them.
    const number = flagged === type ? undefined : marked.push(node) - 1;
    readInto(node, type);
    if (type !== FROZENSET && type !== SHORT_TUPLE) return node;
    const known = shareCollection(node);
    if (number !== undefined) marked[number] = known;
    return known;
  }
  const collections = new Map<string, MarshalNode>();
  const numbers = new Map<MarshalNode, number>();
  const numberOf = (node: MarshalNode): number => {
    const number = numbers.get(node) ?? numbers.size;
    numbers.set(node, number);
    return number;
  };
  /** The one node of all collections of the same objects. */
  const shareCollection = (node: MarshalNode): MarshalNode => {
    const key = `${node.type} ${node.objects.map(numberOf).join(' ')}`;
    const known = collections.get(key);
    if (known === undefined) {
      collections.set(key, node);
      return node;
    }
    known.uses += 1;
    for (const held of node.objects) held.uses -= 1;
    return known;
  };
  const strings = new Map<string, MarshalNode>();
  /** The one node of all strings of this value; it is interned where one of them is. */
  const shareString = (node: MarshalNode, plain: number): MarshalNode => {
    const { start, end } = node;
    if (isOneOfAKind(input, node, plain)) {
      const isName = /\w/.test(String.fromCharCode(input.readUInt8(end - 1)));
      node.type =
        plain === SHORT_ASCII && isName ? SHORT_ASCII_INTERNED : plain;
    }
    const key =
      String.fromCharCode(plain) + input.toString('latin1', start, end);
    const known = strings.get(key);
    if (known === undefined) {
      strings.set(key, node);
      return node;
    }
    known.uses += 1;
    if (node.type !== plain) known.type = node.type;
    return known;
  };
  const root = object();
  if (at !== input.length) throw new Error('marshal: not one whole object');
  return root;
}

/** Tells whether a str is a character of Latin-1, of which a process has one each. */
function isOneOfAKind(
  input: Buffer,
  { start, end }: MarshalNode,
  plain: number,
): boolean {
  if (plain === SHORT_ASCII) return end - start === 2;
  // The length in four bytes, and two bytes of UTF-8, of which the first is 0xc2 or 0xc3.
  return (
    plain === UNICODE && end - start === 6 && input.readUInt8(end - 2) <= 0xc3
  );
}

function ordered(input: Buffer, items: readonly MarshalNode[]): MarshalNode[] {
  return items
    .map((node) => ({ node, key: write(input, node, false) }))
    .sort((one, other) => Buffer.compare(one.key, other.key))
    .map(({ node }) => node);
}

/** Writes an object, marked or, for an item of a frozenset, which is small and cannot hold itself, written out. */
function write(input: Buffer, root: MarshalNode, withMarks: boolean): Buffer {
  // With marks it is less than twice as long as what was read: a reference has five bytes, a string three at least.
  let output = Buffer.allocUnsafe(withMarks ? 2 * input.length : 256);
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

function code(type: string): number {
  return type.charCodeAt(0);
}

function codes(types: string): ReadonlySet<number> {
  return new Set(Array.from(types, code));
}
