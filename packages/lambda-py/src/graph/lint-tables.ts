import { tableOf } from '../workspace/table';

/** What a file of ruff's settings says of the files that ruff reads. */
export interface RuffTable {
  /** The file whose settings it takes over: https://docs.astral.sh/ruff/settings/#extend */
  readonly extend?: string;
  /** Globs below a project, of files that ruff looks at besides Python's usual ones. */
  readonly includes?: readonly string[];
}

/**
 * Reduces ruff's settings to what the inputs of lint depend on.
 *
 * @param table - `[tool.ruff]`, or all of a ruff.toml; anything
 * @returns plain data; without anything where the settings say nothing of files
 */
export function ruffTableOf(table: unknown): RuffTable {
  const { extend, include, 'extend-include': more } = tableOf(table);
  const patterns = [include, more]
    .flat()
    .filter((pattern) => typeof pattern === 'string')
    .map((pattern) =>
      // A path is relative to the settings, wherever they stand.
      pattern.includes('/') ? '**/*' : `**/${pattern}`,
    );
  return {
    ...(typeof extend === 'string' ? { extend } : {}),
    ...(patterns.length === 0 ? {} : { includes: [...new Set(patterns)] }),
  };
}

/**
 * Tells whether black looks at other files than Python's usual ones: a regular expression, which no glob stands for.
 *
 * @param table - `[tool.black]`; anything
 * @returns true where any file may be one of them
 */
export function hasBlackInclude(table: unknown): boolean {
  return 'include' in tableOf(table);
}
