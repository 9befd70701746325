import { messageOf } from '../workspace/errors';

/** Tells whether a path is meant. */
export type Matches = (path: string) => boolean;

/**
 * Finds a glob whose brackets or parentheses do not fit each other. It would match itself and nothing else.
 *
 * @param patterns - globs
 * @returns the first of them, and what is wrong with it; `undefined` where there is none
 */
export async function brokenGlob(
  patterns: readonly string[],
): Promise<{ readonly pattern: string; readonly reason: string } | undefined> {
  if (patterns.length === 0) return undefined;
  const { default: picomatch } = await import('picomatch');
  for (const pattern of patterns) {
    try {
      picomatch.makeRe(pattern, { strictBrackets: true });
    } catch (error) {
      return { pattern, reason: messageOf(error) };
    }
  }
  return undefined;
}

/**
 * Compiles globs. A folder's path stands for all in it.
 *
 * @param patterns - globs
 * @param options - whether `*` matches names that start with a dot; it does when left out
 * @returns a predicate on paths with `/`
 */
export async function matcher(
  patterns: readonly string[],
  options: { readonly dot: boolean } = { dot: true },
): Promise<Matches> {
  // Loaded for those who use globs: every other pack is spared the time.
  const { default: picomatch } = await import('picomatch');
  return picomatch(
    patterns.flatMap((pattern) => [
      pattern,
      `${pattern.replace(/\/+$/, '')}/**`,
    ]),
    options,
  );
}
