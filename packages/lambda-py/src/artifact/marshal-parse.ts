import {
  FLAG_REF,
  REFERENCE,
  CODE,
  FROZENSET,
  NULL,
  SHORT_ASCII,
  SHORT_ASCII_INTERNED,
  UNICODE,
  PLAIN_FORMS,
  FIXED_BYTES,
  LONG_BYTES,
  SHORT_BYTES,
  LONG_COLLECTIONS,
  SHORT_TUPLE,
  INTEGER,
  DICTIONARY,
  SLICE,
  LINE_BYTES,
  FIRST_OBJECTS,
} from './marshal-format';
import type { MarshalNode, CodeLayout } from './marshal-format';
import { writeMarshal } from './marshal-write';

/**
 * Parses a marshalled object. Equal strings and collections become one node, and frozensets are put in order.
 *
 * @param input - what `marshal.dumps` wrote
 * @param layout - how its code objects are laid out
 * @returns the object
 */
export function parseMarshal(input: Buffer, layout: CodeLayout): MarshalNode {
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
    .map((node) => ({ node, key: writeMarshal(input, node, false) }))
    .sort((one, other) => Buffer.compare(one.key, other.key))
    .map(({ node }) => node);
}
