/** What a runner printed of one handler. */
export interface RawResult {
  readonly payload: string;
  readonly logs: string;
}

/** What stands for paths of the machine, by the path. */
export type Places = Readonly<Record<string, string>>;

/** What may differ between two runners. */
export type Aspect =
  'result' | 'error type' | 'error message' | 'stack trace' | 'logs';

interface Observation {
  /** The response as JSON, or as text where it is none; missing where the handler failed. */
  readonly response?: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly stackTrace: string;
  /** The handler's own lines, sorted: two streams have no common order. */
  readonly lines: readonly string[];
}

// The lines that the platform adds; each runner has its own.
const PLATFORM = [
  /^(?:START|END|REPORT|INIT_REPORT|EXTENSION) /,
  / \(rapid\) /,
  /^RequestId: ID Error: /,
  /^(?:Runtime|Function)\.\w+$/,
  /^TIME ID Task timed out after/,
  /^Response payload size exceeded/,
];

/**
 * Compares what two runners made of one handler.
 *
 * @param one - a result
 * @param other - another runner's
 * @param places - what both have of the machine
 * @returns what differs
 */
export function differencesOf(
  one: RawResult,
  other: RawResult,
  places: Places,
): Aspect[] {
  const first = observe(one, places);
  const second = observe(other, places);
  const isFailure = [first, second].map(
    ({ response }) => response === undefined,
  );
  const aspects: Aspect[] = [];
  if (isFailure[0] !== isFailure[1] || first.response !== second.response) {
    aspects.push('result');
  } else if (isFailure[0] === true) {
    if (first.errorType !== second.errorType) aspects.push('error type');
    if (first.errorMessage !== second.errorMessage) {
      aspects.push('error message');
    }
    if (first.stackTrace !== second.stackTrace) aspects.push('stack trace');
  }
  if (first.lines.join('\n') !== second.lines.join('\n')) aspects.push('logs');
  return aspects;
}

function observe({ payload, logs }: RawResult, places: Places): Observation {
  const parsed = parse(normalise(payload, places));
  const error = asError(parsed);
  return {
    ...(error === undefined
      ? { response: JSON.stringify(parsed) }
      : { errorType: error.errorType, errorMessage: error.errorMessage }),
    stackTrace: (error?.stackTrace ?? []).join(''),
    lines: linesOf(normalise(logs, places)),
  };
}

interface ErrorBody {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace?: readonly string[];
}

function asError(value: unknown): ErrorBody | undefined {
  return typeof value === 'object' &&
    value !== null &&
    'errorType' in value &&
    'errorMessage' in value
    ? (value as ErrorBody)
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function normalise(text: string, places: Places): string {
  let normal = text.replace(
    /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g,
    'ID',
  );
  for (const [path, name] of Object.entries(places)) {
    normal = normal.replaceAll(path, name);
  }
  return normal.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
}

function linesOf(logs: string): readonly string[] {
  return (
    logs
      .replace(/\[\d{13}\]/g, '[MS]')
      // A line that the handler did not end is ended by what comes next.
      .replace(/(?<!^)(END RequestId: ID)/gm, '\n$1')
      .split(/[\r\n]+/)
      .filter(
        (line) =>
          line.trim() !== '' && !PLATFORM.some((pattern) => pattern.test(line)),
      )
      .sort()
  );
}

/**
 * Reads the differences that a page documents: rows of `handlers` (code spans), `runner`, `aspects`, reason.
 *
 * @param page - Markdown
 * @returns a line for each handler, runner and aspect, sorted
 */
export function documentedDifferences(page: string): string[] {
  return page
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, handlers]) => handlers?.startsWith('`') === true)
    .flatMap(([, handlers = '', runner = '', aspects = '', reason = '']) => {
      if (reason === '') throw new Error(`no reason: ${handlers}`);
      const names = [...handlers.matchAll(/`([^`]+)`/g)];
      return names.flatMap(([, name = '']) =>
        aspects.split(', ').map((aspect) => `${name}: ${runner}: ${aspect}`),
      );
    })
    .sort();
}
