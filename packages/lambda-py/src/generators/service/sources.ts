import type { SourceName } from '../../workspace/event-sources';

export { SOURCE_NAMES } from '../../workspace/event-sources';
export type { SourceName } from '../../workspace/event-sources';

/**
 * How the function is invoked, and so what becomes of a failure.
 *
 * - `synchronous`: a caller waits for the answer, and decides about trying again.
 * - `asynchronous`: Lambda queues the event; what raises is tried again, then handed on.
 * - `batch`: Lambda polls the source; the answer names the records that come again.
 */
export type SourceKind = 'synchronous' | 'asynchronous' | 'batch';

/**
 * What keeps an event that failed for good.
 *
 * - `caller`: nothing does, the caller has the answer.
 * - `function`: the function's on-failure destination, which Lambda uses for every asynchronous invocation.
 * - `queue`: the dead-letter queue that the source queue's redrive policy names.
 * - `mapping`: the on-failure destination of the event source mapping.
 */
export type FailureTarget = 'caller' | 'function' | 'queue' | 'mapping';

/** What code, tests and infrastructure of a service have to know of its event source. */
export interface Source {
  readonly name: SourceName;
  readonly kind: SourceKind;
  /** What invokes the function, to follow "A Lambda function behind". */
  readonly label: string;
  readonly failureTarget: FailureTarget;
  /** Seconds that an invocation may take; a queue's visibility timeout is six times as long. */
  readonly timeout: number;
  /** What the function's role must be allowed on the source itself, for Lambda polls with that role. */
  readonly pollActions: readonly string[];
  /** A filter of the event source mapping, where the code relies on one. */
  readonly filter?: Readonly<Record<string, readonly string[]>>;
  /** The metric, in the service's namespace, that counts what did not validate or did not work. */
  readonly businessMetric: 'Invalid' | 'FailedRecords';
  /** The names of the events in `events/`. */
  readonly events: readonly string[];
  /** The folders of `files/` that the service is made of, after `common`; none overrides another. */
  readonly parts: readonly string[];
}

const ASYNCHRONOUS = {
  kind: 'asynchronous',
  failureTarget: 'function',
  timeout: 60,
  pollActions: [],
  businessMetric: 'Invalid',
  events: ['good', 'bad'],
} as const;

const WEB = {
  kind: 'synchronous',
  failureTarget: 'caller',
  // API Gateway waits for 29 s (REST) or 30 s (HTTP) at most.
  timeout: 20,
  pollActions: [],
  businessMetric: 'Invalid',
  events: ['good', 'bad'],
} as const;

const BATCH = {
  kind: 'batch',
  timeout: 60,
  businessMetric: 'FailedRecords',
  events: ['good', 'bad', 'mixed'],
} as const;

/** Every event source, by its name. */
export const SOURCES: Readonly<Record<SourceName, Source>> = {
  api: {
    ...WEB,
    name: 'api',
    label: 'an API Gateway REST API',
    parts: ['web', 'api'],
  },
  http: {
    ...WEB,
    name: 'http',
    label: 'an API Gateway HTTP API',
    parts: ['web', 'http'],
  },
  sqs: {
    ...BATCH,
    name: 'sqs',
    label: 'an SQS queue',
    failureTarget: 'queue',
    pollActions: [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
    ],
    parts: ['batch', 'sqs'],
  },
  sns: {
    ...ASYNCHRONOUS,
    name: 'sns',
    label: 'an SNS topic',
    parts: ['asynchronous', 'sns'],
  },
  s3: {
    ...ASYNCHRONOUS,
    name: 's3',
    label: "an S3 bucket's notifications",
    parts: ['asynchronous', 's3'],
  },
  eventbridge: {
    ...ASYNCHRONOUS,
    name: 'eventbridge',
    label: 'an EventBridge rule',
    parts: ['asynchronous', 'eventbridge'],
  },
  schedule: {
    ...ASYNCHRONOUS,
    name: 'schedule',
    label: 'a schedule',
    parts: ['asynchronous', 'schedule'],
  },
  dynamodb: {
    ...BATCH,
    name: 'dynamodb',
    label: "a DynamoDB table's stream",
    failureTarget: 'mapping',
    pollActions: [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
    ],
    // A request is an item that is put; a change of it would be other content under the same id.
    filter: { eventName: ['INSERT'] },
    parts: ['batch', 'dynamodb'],
  },
  kinesis: {
    ...BATCH,
    name: 'kinesis',
    label: 'a Kinesis stream',
    failureTarget: 'mapping',
    pollActions: [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ],
    parts: ['batch', 'kinesis'],
  },
  direct: {
    ...ASYNCHRONOUS,
    name: 'direct',
    // Its callers choose whether they wait; a failure is raised to both kinds.
    kind: 'synchronous',
    label: 'direct invocation, synchronous or not',
    parts: ['direct'],
  },
};
