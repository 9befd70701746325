/**
 * Works on items in their order, some of them ahead of the one that is taken.
 *
 * @param items - the items
 * @param work - is started for each once, in order
 * @param count - how many are worked on ahead
 * @returns the results, in the order of the items
 */
export async function* ahead<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  count: number,
): AsyncGenerator<Result> {
  const started: Promise<Result>[] = [];
  let next = 0;
  const start = (): void => {
    const item = items[next];
    if (item === undefined) return;
    next += 1;
    const result = work(item);
    // Whoever takes it gets the error; after an earlier one nobody does.
    result.catch(() => undefined);
    started.push(result);
  };
  for (let index = 0; index <= count; index += 1) start();
  for (let first = started.shift(); first !== undefined;) {
    yield await first;
    start();
    first = started.shift();
  }
}
