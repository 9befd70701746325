/**
 * Takes a value for a table.
 *
 * @param value - anything that a document may hold
 * @returns its keys; none where it is no table
 */
export function tableOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
