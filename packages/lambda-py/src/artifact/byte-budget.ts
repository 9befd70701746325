/** Bounds the bytes that are worked on at the same time. */
export interface ByteBudget {
  /**
   * Waits until there is room for so many bytes, in the order of the calls; what is more than the whole budget waits until
   * there is nothing else.
   */
  readonly take: (bytes: number) => Promise<void>;
  /** Gives back what was taken. */
  readonly give: (bytes: number) => void;
}

/**
 * Starts a budget of which nothing is taken.
 *
 * @param limit - in bytes
 * @returns the budget
 */
export function startByteBudget(limit: number): ByteBudget {
  const waiting: { readonly bytes: number; readonly resume: () => void }[] = [];
  let taken = 0;
  const serve = (): void => {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      if (taken > 0 && taken + first.bytes > limit) return;
      waiting.shift();
      taken += first.bytes;
      first.resume();
    }
  };
  return {
    take: (bytes) =>
      new Promise((resume) => {
        waiting.push({ bytes, resume });
        serve();
      }),
    give: (bytes) => {
      taken -= bytes;
      serve();
    },
  };
}
