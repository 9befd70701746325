/** How long a run waits for a cache server, all its requests together. */
export interface Patience {
  /**
   * Begins to wait for the server.
   *
   * @param giveUp - is called where the patience ends before the wait does
   * @returns the wait
   */
  readonly wait: (giveUp: (reason: Error) => void) => Wait;
}

/** A request that waits for the server. */
export interface Wait {
  /** Something has come of it: the wait begins anew. */
  readonly goOn: () => void;
  /** It does not depend on the server's answer for now, as while a body is sent. */
  readonly pause: () => void;
  readonly end: () => void;
}

/** Each time this part of the limit is no delay: answers so fast are never too many. */
const FREE_PART = 10;

/**
 * Makes the patience of a run. A server that answers each request just within the limit would slow a run by that for each
 * task; so the time counts in which the run waits for it for longer than a tenth of the limit, and when that comes to the
 * limit, it ends. Requests that wait at the same time slow a run once.
 *
 * @param limitMs - how long a server may slow the run, in ms
 * @returns the patience
 */
export function startPatience(limitMs: number): Patience {
  const overdue = new Set<(reason: Error) => void>();
  let leftMs = limitMs;
  let since = 0;
  let end: NodeJS.Timeout | undefined;
  const begin = (giveUp: (reason: Error) => void): void => {
    overdue.add(giveUp);
    if (overdue.size > 1) return;
    since = performance.now();
    end = setTimeout(() => {
      const reason = new Error(
        `it is slow: this run has waited for it for ${limitMs / 1000} s in all`,
      );
      for (const one of [...overdue]) one(reason);
    }, leftMs);
  };
  const stop = (giveUp: (reason: Error) => void): void => {
    if (!overdue.delete(giveUp) || overdue.size > 0) return;
    clearTimeout(end);
    leftMs = Math.max(0, leftMs - (performance.now() - since));
  };
  return {
    wait: (giveUp) => {
      let free: NodeJS.Timeout | undefined;
      const pause = (): void => {
        clearTimeout(free);
        stop(giveUp);
      };
      const goOn = (): void => {
        pause();
        free = setTimeout(() => {
          begin(giveUp);
        }, limitMs / FREE_PART);
      };
      goOn();
      return { goOn, pause, end: pause };
    },
  };
}
