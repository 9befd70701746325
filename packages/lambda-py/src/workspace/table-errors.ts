import type { v } from './validation';
import { EXPECTED_ARTIFACT_OPTIONS } from './artifact-options';
import { EXPECTED_AUDIT_IGNORE } from './audit-ignore';
import { LambdaPyError } from './errors';
import { SOURCE_NAMES } from './event-sources';
import { ARCHITECTURES, RUNTIMES } from './runtimes';
import type { lambdaPyTableSchema } from './service-configuration';

/** For each key of `[tool.lambda-py]` what it takes. */
export const EXPECTED: Readonly<
  Record<keyof v.InferOutput<typeof lambdaPyTableSchema>, string>
> = {
  handler: 'a string such as "orders.handler.handler"',
  runtime: `one of ${quoted(RUNTIMES.map(({ identifier }) => identifier))}`,
  architecture: `one of ${quoted(ARCHITECTURES)}`,
  source: `one of ${quoted(SOURCE_NAMES)}`,
  layers:
    'an array of one to five names of layers, such as ["analytics-layer"]',
  layer: 'true or false',
  ...EXPECTED_ARTIFACT_OPTIONS,
  ...EXPECTED_AUDIT_IGNORE,
  tags: 'an array of strings',
  'pip-tools': 'true or false',
};

/**
 * Refuses what is no table at all, for instance `[[tool.lambda-py]]`: to valibot an array is an object too.
 *
 * @param table - the value as parsed
 * @param file - the file it stands in
 * @throws {@link LambdaPyError} when it is not a table
 */
export function requireTable(
  table: unknown,
  file: string,
): asserts table is Readonly<Record<string, unknown>> {
  if (typeof table === 'object' && table !== null && !Array.isArray(table)) {
    return;
  }
  throw new LambdaPyError({
    file,
    location: '[tool.lambda-py]',
    problem: 'not a table',
    found: shown(table),
    expected: `a table with the keys ${Object.keys(EXPECTED).join(', ')}`,
    mend: `edit ${file}`,
  });
}

/**
 * Explains what the schema refused.
 *
 * @param issue - the first of the schema's issues
 * @param table - the table as parsed
 * @param file - the file it stands in
 * @returns the error to throw
 */
export function errorOfIssue(
  issue: v.BaseIssue<unknown>,
  table: Readonly<Record<string, unknown>>,
  file: string,
): LambdaPyError {
  const key = String(issue.path?.[0]?.key);
  if (!(key in EXPECTED)) {
    const unknown = Object.keys(table).filter((one) => !(one in EXPECTED));
    return new LambdaPyError({
      file,
      location: '[tool.lambda-py]',
      problem: 'unknown key',
      found: unknown.join(', '),
      expected: `the keys ${Object.keys(EXPECTED).join(', ')}`,
      mend: `edit ${file}`,
    });
  }
  return wrongValue(key as keyof typeof EXPECTED, table, file);
}

/**
 * Refuses an array in the place of a table within the table, for instance `budgets = []`: see {@link requireTable}.
 *
 * @param table - the table as parsed
 * @param file - the file it stands in
 * @throws {@link LambdaPyError} when it is one
 */
export function requireInnerTables(
  table: Readonly<Record<string, unknown>>,
  file: string,
): void {
  if (Array.isArray(table['budgets'])) throw wrongValue('budgets', table, file);
}

function wrongValue(
  key: keyof typeof EXPECTED,
  table: Readonly<Record<string, unknown>>,
  file: string,
): LambdaPyError {
  return new LambdaPyError({
    file,
    location: `[tool.lambda-py] ${key}`,
    problem: 'the value is not one that the key takes',
    found: shown(table[key]),
    expected: EXPECTED[key],
    mend: `edit ${file}`,
  });
}

/**
 * The error for a key that is not there.
 *
 * @param key - the key
 * @param file - the file of the table
 * @param found - what asks for the key
 * @returns the error to throw
 */
export function missingKey(
  key: keyof typeof EXPECTED,
  file: string,
  found?: string,
): LambdaPyError {
  return new LambdaPyError({
    file,
    location: `[tool.lambda-py] ${key}`,
    problem: 'the key is missing',
    ...(found === undefined ? {} : { found }),
    expected: EXPECTED[key],
    mend: `edit ${file}`,
  });
}

/**
 * Shows a TOML value as JSON, which has no 64-bit integers.
 *
 * @param value - the value
 * @returns JSON
 */
export function shown(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? inner.toString() : inner,
  );
}

function quoted(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(', ');
}
