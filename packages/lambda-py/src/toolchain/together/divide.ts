/**
 * Works on many items at once. Where that comes to no result (one of them crashes the tool, or hangs it), the halves are
 * tried, so that a few tries find the one that does.
 *
 * A try with half of the items has half of the time, so that one item that hangs takes twice the limit before it is found,
 * and not the limit for each halving. Where tries without a result have taken so long in all, since several items hang,
 * there are no more of them.
 *
 * @param items - the items
 * @param limitMs - how long a try with all of them may take, in ms
 * @param work - works on some of them together, in so many ms; `undefined` where nothing can be said of them
 * @returns the results; there is none for an item that has none on its own, or that was not tried
 */
export async function divideUntilDone<Item, Result>(
  items: readonly Item[],
  limitMs: number,
  work: (
    items: readonly Item[],
    limitMs: number,
  ) => Promise<ReadonlyMap<Item, Result> | undefined>,
): Promise<ReadonlyMap<Item, Result>> {
  let lostMs = 0;
  const tryAll = async (
    some: readonly Item[],
    someMs: number,
  ): Promise<ReadonlyMap<Item, Result>> => {
    if (some.length === 0 || lostMs >= 2 * limitMs) return new Map();
    const start = performance.now();
    const results = await work(some, someMs);
    if (results !== undefined) return results;
    lostMs += performance.now() - start;
    if (some.length === 1) return new Map();
    const middle = Math.ceil(some.length / 2);
    return new Map([
      ...(await tryAll(some.slice(0, middle), someMs / 2)),
      ...(await tryAll(some.slice(middle), someMs / 2)),
    ]);
  };
  return tryAll(items, limitMs);
}
