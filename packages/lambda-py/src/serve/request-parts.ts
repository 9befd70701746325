import type { HttpRequest } from './gateway';

/** Names and all their values, in the order in which they came. */
export type MultiValues = Readonly<Record<string, readonly string[]>>;

// RFC 9110, section 7.6.1: what concerns one connection goes no further.
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** True for a header that concerns one connection alone. */
export function isHopByHop(name: string): boolean {
  return HOP_BY_HOP.has(name.toLowerCase());
}

/**
 * Gathers values by name.
 *
 * @param pairs - names and values
 * @returns a table; a name like `__proto__` is one like any other
 */
export function gather(
  pairs: Iterable<readonly [name: string, value: string]>,
): Record<string, string[]> {
  const gathered = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const values = gathered.get(name);
    if (values === undefined) gathered.set(name, [value]);
    else values.push(value);
  }
  return Object.fromEntries(gathered);
}

/**
 * Makes one value of many.
 *
 * @param values - names and all their values
 * @param choose - makes one of those of a name
 * @returns the table of the chosen values
 */
export function single(
  values: MultiValues,
  choose: (values: readonly string[]) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, all]) => [name, choose(all)]),
  );
}

/** The last of a name's values, which is the one that format 1.0 shows alone. */
export function last(values: readonly string[]): string {
  return values.at(-1) ?? '';
}

/**
 * The headers of a request and those that a gateway adds.
 *
 * @param request - the request
 * @param traceId - the X-Ray header
 * @param spell - how names are written
 * @returns all values of each header; names that differ in case alone are one, spelt as they came first
 */
export function gatewayHeaders(
  { headers, sourceIp, port }: HttpRequest,
  traceId: string,
  spell: (name: string) => string,
): Record<string, string[]> {
  const spelling = new Map<string, string>();
  const spellOnce = (name: string): string => {
    const key = name.toLowerCase();
    const known = spelling.get(key) ?? spell(name);
    spelling.set(key, known);
    return known;
  };
  const valueOf = (wanted: string): string[] =>
    headers
      .filter(([name]) => name.toLowerCase() === wanted)
      .map(([, value]) => value);
  const added: readonly (readonly [string, string])[] = [
    ['X-Amzn-Trace-Id', traceId],
    ['X-Forwarded-For', [...valueOf('x-forwarded-for'), sourceIp].join(', ')],
    ['X-Forwarded-Port', String(port)],
    ['X-Forwarded-Proto', 'http'],
  ];
  const replaced = new Set(added.map(([name]) => name.toLowerCase()));
  const kept = headers.filter(
    ([name]) => !isHopByHop(name) && !replaced.has(name.toLowerCase()),
  );
  return gather(
    [...kept, ...added].map(([name, value]) => [spellOnce(name), value]),
  );
}

/**
 * The value of a header.
 *
 * @param request - the request
 * @param wanted - the header's name in lower case
 * @returns its last value; `undefined` where there is none
 */
export function headerOf(
  { headers }: HttpRequest,
  wanted: string,
): string | undefined {
  return headers.findLast(([name]) => name.toLowerCase() === wanted)?.[1];
}

/**
 * Takes a request's target apart.
 *
 * @param target - as the client sent it; the absolute form, which proxies are sent, is one too
 * @returns the path and the query, neither decoded, without the `?`
 */
export function splitTarget(target: string): {
  readonly path: string;
  readonly query: string;
} {
  const relative = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const [beforeFragment = ''] = relative.split('#');
  const mark = beforeFragment.indexOf('?');
  const path = mark < 0 ? beforeFragment : beforeFragment.slice(0, mark);
  return {
    path: path.startsWith('/') ? path : `/${path}`,
    query: mark < 0 ? '' : beforeFragment.slice(mark + 1),
  };
}

/**
 * Decodes a path, where it can be decoded.
 *
 * @param path - percent-encoded
 * @returns the decoded path; one that is not UTF-8 as it came
 */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/**
 * Writes a time as access logs do (`%d/%b/%Y:%H:%M:%S %z`).
 *
 * @param time - the time
 * @returns for instance `12/Mar/2020:19:03:58 +0000`
 */
export function formatRequestTime(time: Date): string {
  const iso = time.toISOString();
  const month = MONTHS[time.getUTCMonth()];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}
