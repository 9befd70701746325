import { setTimeout as delay } from 'node:timers/promises';

/** What a release does besides asking AWS. */
export interface Effects {
  /** Tells the user what is done. */
  readonly log: (line: string) => void;
  /** Waits; rejects at once when the release is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Throws when the release was interrupted. */
  readonly checkInterrupted: () => void;
}

/**
 * The effects of a real release.
 *
 * @param log - takes the lines
 * @param signal - aborted when the user interrupts
 * @returns the effects
 */
export function realEffects(
  log: (line: string) => void,
  signal: AbortSignal,
): Effects {
  return {
    log,
    sleep: (milliseconds) => delay(milliseconds, undefined, { signal }),
    now: Date.now,
    checkInterrupted: () => {
      signal.throwIfAborted();
    },
  };
}
