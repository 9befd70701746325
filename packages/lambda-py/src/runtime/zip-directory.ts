/** An entry of a zip's central directory. */
export interface ZipEntry {
  readonly name: string;
  /** True where the zip says that somebody may execute the file. */
  readonly isExecutable: boolean;
}

// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.12 and 4.3.16.
const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LONGEST_COMMENT_BYTES = 0xffff;
const UNIX = 3;
const EXECUTE_BITS = 0o111;

/**
 * Lists a zip's entries, without unpacking any. Zip64 is not read: Lambda's artifacts are far below its bounds.
 *
 * @param zip - the whole file
 * @returns the entries, in the order of the central directory
 * @throws `RangeError` when the bytes are not a zip, or a damaged one
 */
export function readZipDirectory(zip: Buffer): ZipEntry[] {
  const end = findEnd(zip);
  const count = zip.readUInt16LE(end + 10);
  let offset = zip.readUInt32LE(end + 16);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(offset) !== ENTRY_SIGNATURE) {
      throw new RangeError(`the zip's entry ${index + 1} is damaged`);
    }
    const nameBytes = zip.readUInt16LE(offset + 28);
    const extraBytes = zip.readUInt16LE(offset + 30);
    const commentBytes = zip.readUInt16LE(offset + 32);
    const madeBy = zip.readUInt8(offset + 5);
    const mode = zip.readUInt16LE(offset + 40);
    const nameAt = offset + ENTRY_BYTES;
    entries.push({
      name: zip.toString('utf8', nameAt, nameAt + nameBytes),
      isExecutable: madeBy === UNIX && (mode & EXECUTE_BITS) !== 0,
    });
    offset = nameAt + nameBytes + extraBytes + commentBytes;
  }
  return entries;
}

function findEnd(zip: Buffer): number {
  const last = zip.length - END_BYTES;
  for (
    let offset = last;
    offset >= Math.max(0, last - LONGEST_COMMENT_BYTES);
    offset -= 1
  ) {
    if (zip.readUInt32LE(offset) === END_SIGNATURE) return offset;
  }
  throw new RangeError('the file has no end of a zip');
}

/**
 * The entries that only one processor architecture can load.
 *
 * @param entries - a zip's entries
 * @returns the names of its shared libraries
 */
export function nativeEntries(entries: readonly ZipEntry[]): string[] {
  return entries
    .map(({ name }) => name)
    .filter((name) => /\.so(\.\d+)*$/.test(name));
}
