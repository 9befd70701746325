import { v } from './validation';

/**
 * Parses JSON that may be damaged or missing.
 *
 * @param text - the document, or `undefined`
 * @param schema - what it has to hold
 * @returns the value, without what the schema does not name; `undefined` where there is none of that shape
 */
export function jsonOf<Value>(
  text: string | undefined,
  schema: v.GenericSchema<unknown, Value>,
): Value | undefined {
  if (text === undefined) return undefined;
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
