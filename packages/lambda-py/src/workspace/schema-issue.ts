import { v } from './validation';

/** What a schema refused, in the words of an error message. */
export interface RefusedValue {
  /** The keys that lead to the value, joined by dots; empty for the document itself. */
  readonly location: string;
  readonly problem: string;
  readonly found?: string;
  readonly expected?: string;
}

// valibot names JavaScript's classes; the documents are TOML or JSON.
const KINDS: Readonly<Record<string, string>> = {
  Array: 'array',
  Object: 'table',
};

/**
 * Explains what a schema refused.
 *
 * @param issue - the first of the schema's issues; a validation's message says what it expects
 * @returns the explanation
 */
export function refusedValue(issue: v.BaseIssue<unknown>): RefusedValue {
  const location = v.getDotPath(issue) ?? '';
  // A key that an object lacks; the key is all that valibot expects.
  if (issue.type === 'object' && issue.received === 'undefined') {
    return { location, problem: 'the key is missing' };
  }
  const isSchema = issue.kind === 'schema';
  const expected = isSchema ? issue.expected : issue.message;
  return {
    location,
    problem: 'the value is not one that the key takes',
    found: isSchema
      ? (KINDS[issue.received] ?? issue.received)
      : JSON.stringify(issue.input),
    ...(expected === null ? {} : { expected: KINDS[expected] ?? expected }),
  };
}
