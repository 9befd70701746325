import { centralDirectory, readCentralRecord } from './zip-format';
import type { PlacedEntry } from './zip-format';

/** The records of a zip's central directory, to look into without reading all of them. */
export interface ZipDirectory {
  /** How many records there are. */
  readonly size: number;
  /** Finds the record of a path. */
  readonly find: (path: string) => PlacedEntry | undefined;
  /** Reads all records, in the order of their entries in the zip. */
  readonly entries: () => readonly PlacedEntry[];
  /**
   * Adds records.
   *
   * @param added - their entries, by path, none of which is in the directory
   * @returns the bytes of all records, by path
   */
  readonly with: (added: readonly PlacedEntry[]) => Buffer;
}

/**
 * Opens a central directory whose records are sorted by path, as {@link centralDirectory} writes it.
 *
 * @param records - its bytes, without the record that ends it
 * @returns the directory, which shares the memory
 */
export function openDirectory(records: Buffer): ZipDirectory {
  const starts: number[] = [];
  for (let at = 0; at < records.length;) {
    starts.push(at);
    at += readCentralRecord(records, at).recordBytes;
  }
  const recordAt = (index: number): PlacedEntry =>
    readCentralRecord(records, starts[index] ?? 0).placed();
  const placeOf = (path: string): number =>
    firstIndex(starts.length, (index) => recordAt(index).entry.path >= path);
  return {
    size: starts.length,
    find: (path) => {
      const index = placeOf(path);
      const found = index < starts.length ? recordAt(index) : undefined;
      return found?.entry.path === path ? found : undefined;
    },
    entries: () =>
      starts
        .map((_, index) => recordAt(index))
        .sort((one, other) => one.offset - other.offset),
    with: (added) => {
      const pieces: Uint8Array[] = [];
      let copied = 0;
      for (const one of added) {
        const start = starts[placeOf(one.entry.path)] ?? records.length;
        pieces.push(records.subarray(copied, start), centralDirectory([one]));
        copied = start;
      }
      return Buffer.concat([...pieces, records.subarray(copied)]);
    },
  };
}

/** The first index for which something holds that holds for all after it too. */
function firstIndex(size: number, holds: (index: number) => boolean): number {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
