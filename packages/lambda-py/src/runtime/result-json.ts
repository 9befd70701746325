import type { Invocation } from './invoke';
import type { Statistics } from './statistics';

/**
 * Renders what an invocation came to for programs.
 *
 * @param invocation - the invocation
 * @param statistics - of the series that it belongs to, where there is one
 * @returns one line of JSON: `requestId`, `response`, `error`, `logs`, `report` and `statistics`
 */
export function formatResult(
  invocation: Invocation,
  statistics?: Statistics,
): string {
  const { requestId, payload, error, logs } = invocation;
  const fields: Record<string, string> = {
    requestId: JSON.stringify(requestId),
    response: error === undefined ? responseOf(payload) : 'null',
    error: error === undefined ? 'null' : JSON.stringify(error),
    logs: JSON.stringify(logs),
    report: JSON.stringify({
      initDurationMs: invocation.initDurationMs,
      durationMs: invocation.durationMs,
      billedDurationMs: invocation.billedDurationMs,
      memoryMb: invocation.memoryMb,
      maxMemoryUsedMb: invocation.maxMemoryUsedMb,
    }),
    ...(statistics === undefined
      ? {}
      : { statistics: JSON.stringify(statistics) }),
  };
  const entries = Object.entries(fields);
  return `{${entries.map(([name, json]) => `"${name}":${json}`).join(',')}}`;
}

/** As it came, since a number of many digits would not survive JavaScript's parser; a response that is no JSON as a text. */
function responseOf(payload: Buffer): string {
  const text = payload.toString('utf8');
  try {
    JSON.parse(text);
    // No text of JSON has a line break within: those between its parts are space.
    return text.replace(/[\r\n]/g, ' ');
  } catch {
    return JSON.stringify(text);
  }
}
