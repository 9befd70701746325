import { parse, TomlError } from 'smol-toml';
import { LambdaPyError, messageOf } from './errors';

/** A TOML table as data. */
export type TomlTable = Readonly<Record<string, unknown>>;

/**
 * Parses TOML 1.0.
 *
 * @param text - the document
 * @param file - its path, for the error message
 * @returns the document's root table
 * @throws {@link LambdaPyError} that names file, line and column when the text is not TOML
 */
export function parseToml(text: string, file: string): TomlTable {
  try {
    // Dates stay what they are and 64-bit integers stay exact: the product reads neither, but must not fail on them.
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    const place =
      error instanceof TomlError
        ? `line ${error.line}, column ${error.column}`
        : undefined;
    throw new LambdaPyError(
      {
        file,
        ...(place === undefined ? {} : { location: place }),
        problem: 'the file is not valid TOML',
        found: messageOf(error).split('\n')[0] ?? '',
        mend: `correct ${file}`,
      },
      { cause: error },
    );
  }
}

/**
 * Writes a text as a TOML basic string, quotes included.
 *
 * JSON's escapes are TOML's; TOML forbids U+007F besides.
 *
 * @param text - any text
 * @returns the literal
 */
export function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007F');
}
