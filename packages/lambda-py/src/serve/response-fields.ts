import { v } from '../workspace/validation';
import { isHopByHop } from './request-parts';

const scalar = v.pipe(
  v.union([v.string(), v.number(), v.boolean()]),
  v.transform(String),
);

/** Names and values; valibot takes an array for a table too. */
function table<const Value extends v.GenericSchema>(value: Value) {
  return v.pipe(
    v.custom<object>((input) => !Array.isArray(input)),
    v.record(v.string(), value),
  );
}

/** A status code that ends a response; the blueprints of Lambda's own console write it as text. */
const statusCode = v.pipe(
  v.union([
    v.number(),
    v.pipe(v.string(), v.regex(/^\d{3}$/), v.transform(Number)),
  ]),
  v.integer(),
  v.minValue(200),
  v.maxValue(599),
);

/** What both payload formats have of a function's response. */
const responseFields = {
  statusCode,
  headers: v.nullish(table(scalar)),
  body: v.nullish(v.string()),
  isBase64Encoded: v.nullish(v.boolean()),
};

/** The fields of payload format 1.0. */
export const responseOfFormat1 = v.object({
  ...responseFields,
  multiValueHeaders: v.nullish(table(v.array(scalar))),
});

/** The fields of payload format 2.0. */
export const responseOfFormat2 = v.object({
  ...responseFields,
  cookies: v.nullish(v.array(v.string())),
});

// What the server itself writes. A REST API renames a function's own ones: "x-amzn-Remapped-…".
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis
const REMAPPED = new Set([
  'connection',
  'content-length',
  'date',
  'server',
  'www-authenticate',
]);

// RFC 9110, sections 5.6.2 and 5.5: what else a name or a value may hold would end it, or the response.
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Makes of a function's headers those that reach the client.
 *
 * @param headers - names and values
 * @param isRest - true for a REST API, which renames what it writes itself
 * @returns the headers; `undefined` where one is none
 */
export function answerHeaders(
  headers: readonly (readonly [name: string, value: string])[],
  isRest: boolean,
): readonly (readonly [name: string, value: string])[] | undefined {
  if (headers.some(([name, value]) => !NAME.test(name) || !VALUE.test(value)))
    return undefined;
  return headers.flatMap(([name, value]) => {
    const key = name.toLowerCase();
    if (isRest && REMAPPED.has(key))
      return [[`x-amzn-remapped-${key}`, value] as const];
    return isHopByHop(key) || key === 'content-length'
      ? []
      : [[name, value] as const];
  });
}

/**
 * Adds a content type where a response has none.
 *
 * @param headers - the response's
 * @param type - the gateway's own
 * @returns headers that have one
 */
export function withContentType(
  headers: readonly (readonly [name: string, value: string])[],
  type: string,
): readonly (readonly [name: string, value: string])[] {
  return headers.some(([name]) => name.toLowerCase() === 'content-type')
    ? headers
    : [...headers, ['content-type', type]];
}

/**
 * Parses a function's response.
 *
 * @param payload - what it answered
 * @returns the value; `undefined` where it is no JSON
 */
export function parseResponse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
}
