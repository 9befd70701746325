/**
 * Makes a generator of random numbers that are the same on every run (mulberry32): two runs measure one workspace.
 *
 * @param {number} seed
 * @returns {() => number} from 0 up to, and without, 1
 */
export function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Picks some of a list, each at most once.
 *
 * @template Item
 * @param {() => number} random
 * @param {readonly Item[]} items
 * @param {number} least
 * @param {number} most
 * @returns {Item[]}
 */
export function pick(random, items, least, most) {
  const count = Math.min(
    items.length,
    least + Math.floor(random() * (most - least + 1)),
  );
  const picked = new Set();
  while (picked.size < count) {
    picked.add(items[Math.floor(random() * items.length)]);
  }
  return [...picked];
}
