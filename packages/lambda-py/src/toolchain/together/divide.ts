/**
 * Works on many items at once. Where that comes to no result (one of them crashes the tool, or hangs it), the halves are
 * tried, so that a few tries find the one that does.
 *
 * @param items - the items
 * @param work - works on some of them together; `undefined` where nothing can be said of them
 * @returns the results; there is none for an item that has none on its own
 */
export async function divideUntilDone<Item, Result>(
  items: readonly Item[],
  work: (
    items: readonly Item[],
  ) => Promise<ReadonlyMap<Item, Result> | undefined>,
): Promise<ReadonlyMap<Item, Result>> {
  if (items.length === 0) return new Map();
  const results = await work(items);
  if (results !== undefined) return results;
  if (items.length === 1) return new Map();
  const middle = Math.ceil(items.length / 2);
  return new Map([
    ...(await divideUntilDone(items.slice(0, middle), work)),
    ...(await divideUntilDone(items.slice(middle), work)),
  ]);
}
