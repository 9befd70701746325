import { openDirectory } from './zip-directory';
import { centralDirectory, localBytes } from './zip-format';
import type { PlacedEntry, ZipEntry } from './zip-format';

// By UTF-16 code units, as JavaScript sorts: the last but one is two units, and by code points it would be the last.
const PATHS = ['a', 'a/b.py', 'a/c.so', 'é', '一', '𝒳', '\uff5e'];
let end = 0;
const PLACED = PATHS.map((path, index): PlacedEntry => {
  const entry: ZipEntry = {
    path,
    method: index % 2 === 0 ? 'deflated' : 'stored',
    checksum: 0xfffffffe + (index % 2),
    bytes: 1000 * index,
    compressedBytes: 100 * index,
    executable: path.endsWith('.so'),
  };
  const offset = end;
  end += localBytes(entry);
  return { entry, offset };
});

function directoryOf(entries: readonly PlacedEntry[]) {
  return openDirectory(centralDirectory(entries));
}

describe('openDirectory', () => {
  it('reads what was written, in the order of the contents', () => {
    const reversed = PLACED.map(({ entry }, index) => ({
      entry,
      offset: 10 * (PLACED.length - index),
    }));
    const directory = directoryOf(reversed);
    expect(directory.size).toBe(PATHS.length);
    expect(directory.entries()).toEqual([...reversed].reverse());
  });

  it.each(PLACED)('finds $entry.path', (one) => {
    expect(directoryOf(PLACED).find(one.entry.path)).toEqual(one);
  });

  it.each(['', 'A', 'a/', 'a/b.pyc', 'z', '\uffff'])('finds no %j', (path) => {
    expect(directoryOf(PLACED).find(path)).toBeUndefined();
    expect(directoryOf([]).find(path)).toBeUndefined();
  });

  it('adds records where they belong, whichever they are', () => {
    const whole = centralDirectory(PLACED);
    for (let chosen = 0; chosen < 2 ** PLACED.length; chosen += 1) {
      const isAdded = (_: PlacedEntry, index: number): boolean =>
        (chosen & (1 << index)) !== 0;
      const directory = directoryOf(
        PLACED.filter((one, index) => !isAdded(one, index)),
      );
      const records = directory.with(PLACED.filter(isAdded));
      expect(records.equals(whole)).toBe(true);
    }
  });
});
