/** The names of the event sources, as `--source` and `[tool.lambda-py]` take them. */
export const SOURCE_NAMES = [
  'api',
  'http',
  'sqs',
  'sns',
  's3',
  'eventbridge',
  'schedule',
  'dynamodb',
  'kinesis',
  'direct',
] as const;

/** The name of an event source. */
export type SourceName = (typeof SOURCE_NAMES)[number];

/**
 * Tells whether HTTP requests reach a service.
 *
 * @param source - its event source; `undefined` where it names none
 * @returns true behind an API Gateway
 */
export function isHttpSource(source: SourceName | undefined): boolean {
  return source === 'api' || source === 'http';
}
