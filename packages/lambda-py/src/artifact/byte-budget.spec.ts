import { setImmediate } from 'node:timers/promises';
import { startByteBudget } from './byte-budget';

describe('startByteBudget', () => {
  it('lets work wait until there is room for it, in the order of the calls', async () => {
    const budget = startByteBudget(10);
    const taken: number[] = [];
    for (const bytes of [6, 4, 5, 1]) {
      void budget.take(bytes).then(() => taken.push(bytes));
    }
    await setImmediate();
    expect(taken).toEqual([6, 4]);
    budget.give(4);
    await setImmediate();
    // There would be room for the last one, which does not overtake.
    expect(taken).toEqual([6, 4]);
    budget.give(6);
    await setImmediate();
    expect(taken).toEqual([6, 4, 5, 1]);
  });

  it('gives what is larger than all of it to one alone', async () => {
    const budget = startByteBudget(10);
    await budget.take(1);
    let isTaken = false;
    const large = budget.take(30).then(() => (isTaken = true));
    await setImmediate();
    expect(isTaken).toBe(false);
    budget.give(1);
    await large;
    let isNextTaken = false;
    const next = budget.take(1).then(() => (isNextTaken = true));
    await setImmediate();
    expect(isNextTaken).toBe(false);
    budget.give(30);
    await next;
  });
});
