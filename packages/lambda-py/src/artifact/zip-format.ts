/**
 * The records of a zip file, byte by byte, after https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * (sections 4.3.7, 4.3.12 and 4.3.16). Every field that could tell one machine or minute from another is fixed.
 */

/** How an entry's content is kept. */
export type CompressionMethod = 'stored' | 'deflated';

/** What the zip's records say of an entry. */
export interface ZipEntry {
  /** With `/`, relative to the root of the zip. */
  readonly path: string;
  readonly method: CompressionMethod;
  /** The CRC-32 of the content. */
  readonly checksum: number;
  /** The content's length. */
  readonly bytes: number;
  /** The length of the content as kept in the zip. */
  readonly compressedBytes: number;
  /** Whether the kernel may run it. */
  readonly executable: boolean;
}

/** The most entries that a zip without the zip64 extension holds. */
export const MOST_ENTRIES = 0xffff;

/** The greatest offset and size in a zip without the zip64 extension. */
export const GREATEST_OFFSET = 0xffffffff;

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_DIRECTORY = 0x06054b50;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_OF_DIRECTORY_BYTES = 22;

// Version 2.0 is the first with deflate; the high byte 3 says that the attributes are Unix modes.
const VERSION_NEEDED = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED;
// Bit 11: names are UTF-8.
const FLAGS = 1 << 11;
const METHODS: Readonly<Record<CompressionMethod, number>> = {
  stored: 0,
  deflated: 8,
};
// 1980-01-01 00:00:00, the first moment that DOS can tell.
const DOS_TIME = 0;
const DOS_DATE = (1 << 5) | 1;
// Regular files, rw-r--r-- and rwxr-xr-x.
const FILE_MODE = 0o100644;
const EXECUTABLE_MODE = 0o100755;

/** What all local headers have in common, and all records of the central directory; the entry's own fields are zero. */
const LOCAL_TEMPLATE = templateOf(LOCAL_HEADER, LOCAL_HEADER_BYTES, [
  VERSION_NEEDED,
]);
const CENTRAL_TEMPLATE = templateOf(CENTRAL_HEADER, CENTRAL_HEADER_BYTES, [
  MADE_BY_UNIX,
  VERSION_NEEDED,
]);

// The fields that both have in the same order, from the flags to the extra field's length, start after the versions.
const LOCAL_FIELDS = 6;
const CENTRAL_FIELDS = 8;

function templateOf(
  signature: number,
  bytes: number,
  versions: readonly number[],
): Buffer {
  const header = Buffer.alloc(bytes);
  const fields = header.writeUInt32LE(signature);
  const at = versions.reduce(
    (place, version) => header.writeUInt16LE(version, place),
    fields,
  );
  header.writeUInt16LE(FLAGS, at);
  header.writeUInt16LE(DOS_TIME, at + 4);
  header.writeUInt16LE(DOS_DATE, at + 6);
  return header;
}

/**
 * Writes what differs from entry to entry of the fields that both headers have. The methods of Buffer that write a number
 * take three times as long as a DataView's in code that runs once.
 */
function writeEntryFields(
  view: DataView,
  at: number,
  entry: ZipEntry,
  nameBytes: number,
): void {
  view.setUint16(at + 2, METHODS[entry.method], true);
  view.setUint32(at + 8, entry.checksum, true);
  view.setUint32(at + 12, entry.compressedBytes, true);
  view.setUint32(at + 16, entry.bytes, true);
  view.setUint16(at + 20, nameBytes, true);
}

function viewOf({ buffer, byteOffset, length }: Buffer): DataView {
  return new DataView(buffer, byteOffset, length);
}

/**
 * The record that stands before an entry's content.
 *
 * @param entry - the entry
 * @returns the local file header, name included
 */
export function localHeader(entry: ZipEntry): Buffer {
  const name = Buffer.from(entry.path);
  const header = Buffer.concat([LOCAL_TEMPLATE, name]);
  writeEntryFields(viewOf(header), LOCAL_FIELDS, entry, name.length);
  return header;
}

/** An entry, and where its local header stands in the zip. */
export interface PlacedEntry {
  readonly entry: ZipEntry;
  readonly offset: number;
}

/**
 * The records of all entries in the central directory, in one buffer: a closure has thousands.
 *
 * @param placed - the entries, in the order of their records
 * @returns the central directory, without the record that ends it
 */
export function centralDirectory(placed: readonly PlacedEntry[]): Buffer {
  const bytes = placed.reduce((sum, { entry }) => sum + centralBytes(entry), 0);
  const directory = Buffer.allocUnsafe(bytes);
  const view = viewOf(directory);
  let at = 0;
  for (const { entry, offset } of placed) {
    directory.set(CENTRAL_TEMPLATE, at);
    const nameBytes = directory.write(entry.path, at + CENTRAL_HEADER_BYTES);
    const mode = entry.executable ? EXECUTABLE_MODE : FILE_MODE;
    writeEntryFields(view, at + CENTRAL_FIELDS, entry, nameBytes);
    view.setUint32(at + 38, mode * 0x10000, true);
    view.setUint32(at + 42, offset, true);
    at += CENTRAL_HEADER_BYTES + nameBytes;
  }
  return directory;
}

/** A record of a central directory. */
export interface CentralRecord {
  /** Its length in bytes. */
  readonly recordBytes: number;
  /** Reads what it says. */
  readonly placed: () => PlacedEntry;
}

/**
 * Reads a record that {@link centralDirectory} has written.
 *
 * @param directory - the records
 * @param at - where the record starts in them
 * @returns the record
 */
export function readCentralRecord(
  directory: Buffer,
  at: number,
): CentralRecord {
  const fields = at + CENTRAL_FIELDS;
  const name = at + CENTRAL_HEADER_BYTES;
  const nameBytes = directory.readUInt16LE(fields + 20);
  return {
    recordBytes: CENTRAL_HEADER_BYTES + nameBytes,
    placed: () => ({
      entry: {
        path: directory.toString('utf8', name, name + nameBytes),
        method:
          directory.readUInt16LE(fields + 2) === METHODS.stored
            ? 'stored'
            : 'deflated',
        checksum: directory.readUInt32LE(fields + 8),
        compressedBytes: directory.readUInt32LE(fields + 12),
        bytes: directory.readUInt32LE(fields + 16),
        executable:
          directory.readUInt32LE(at + 38) === EXECUTABLE_MODE * 0x10000,
      },
      offset: directory.readUInt32LE(at + 42),
    }),
  };
}

function centralBytes(entry: ZipEntry): number {
  return CENTRAL_HEADER_BYTES + Buffer.byteLength(entry.path);
}

/**
 * The record that ends a zip.
 *
 * @param entries - how many entries the central directory has
 * @param offset - where the central directory starts
 * @param bytes - its length
 * @returns the end of central directory record
 */
export function endOfDirectory(
  entries: number,
  offset: number,
  bytes: number,
): Buffer {
  const record = Buffer.alloc(END_OF_DIRECTORY_BYTES);
  record.writeUInt32LE(END_OF_DIRECTORY, 0);
  record.writeUInt16LE(entries, 8);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(bytes, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}

/**
 * The length of an entry in the zip's body.
 *
 * @param entry - the entry
 * @returns the bytes of its local header and its kept content
 */
export function localBytes(entry: ZipEntry): number {
  return (
    LOCAL_HEADER_BYTES + Buffer.byteLength(entry.path) + entry.compressedBytes
  );
}
