/** Tells whether a path is meant. */
export type Matches = (path: string) => boolean;

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
