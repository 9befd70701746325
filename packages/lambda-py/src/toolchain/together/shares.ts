import { availableParallelism, totalmem } from 'node:os';

/** What a tool that works on many projects at once needs. */
export interface ShareLimits {
  /** Fewer projects are not worth a process of their own. */
  readonly least: number;
  /** More projects would need too much memory in one process. */
  readonly most: number;
  /** What a process takes with the most projects: in bytes. */
  readonly memory: number;
}

/** What there is to run processes with. */
export interface Machine {
  readonly cores: number;
  /** In bytes. */
  readonly memory: number;
}

/**
 * Divides projects among processes, of which no more run at a time than there are cores, and than half of the memory
 * holds.
 *
 * @param projects - the projects
 * @param parallel - how many processes the user allows at a time
 * @param limits - see {@link ShareLimits}
 * @param machine - see {@link Machine}
 * @returns the shares, in order, and how many of them may be worked on at a time
 */
export function divideIntoShares<Project>(
  projects: readonly Project[],
  parallel: number,
  { least, most, memory }: ShareLimits,
  machine: Machine = { cores: availableParallelism(), memory: totalmem() },
): { readonly shares: readonly Project[][]; readonly atOnce: number } {
  const atOnce = Math.max(
    1,
    Math.min(
      parallel,
      machine.cores,
      Math.floor(machine.memory / 2 / memory),
      Math.floor(projects.length / least),
    ),
  );
  const atLeast = Math.ceil(projects.length / most);
  // As many rounds as it takes, each with a share for every process, so that all end at the same time.
  const count = Math.max(1, Math.ceil(atLeast / atOnce)) * atOnce;
  const size = Math.ceil(projects.length / count);
  const shares: Project[][] = [];
  for (let start = 0; start < projects.length; start += size) {
    shares.push(projects.slice(start, start + size));
  }
  return { shares, atOnce };
}

/**
 * Works on shares, a few at a time, in order.
 *
 * @param shares - the shares
 * @param atOnce - how many at a time: at least 1
 * @param work - works on one; whether it fails changes nothing for the others
 * @returns what becomes of each share
 */
export function workOnShares<Share, Result>(
  shares: readonly Share[],
  atOnce: number,
  work: (share: Share) => Promise<Result>,
): readonly Promise<Result>[] {
  const results: Promise<Result>[] = [];
  for (const [index, share] of shares.entries()) {
    const start = (): Promise<Result> => work(share);
    const result = results[index - atOnce]?.then(start, start) ?? start();
    // Whoever waits for it is told; it may fail before anybody does.
    result.catch(() => undefined);
    results.push(result);
  }
  return results;
}
