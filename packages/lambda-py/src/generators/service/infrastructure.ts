import type { Source } from './sources';

/** The kinds of infrastructure code, as `--infra` takes them. */
export const INFRASTRUCTURE_NAMES = [
  'sam',
  'cdk',
  'terraform',
  'none',
] as const;

/** The kind of infrastructure code that a service is generated with. */
export type InfrastructureName = (typeof INFRASTRUCTURE_NAMES)[number];

/** The metric that tells how long events wait, and the value that is too much. */
export interface AgeMetric {
  readonly namespace: 'AWS/Lambda' | 'AWS/SQS';
  readonly metric: string;
  readonly dimension: 'FunctionName' | 'QueueName';
  /** In the metric's own unit. */
  readonly threshold: number;
  readonly meaning: string;
}

/** What a dashboard's metrics are told apart by, in the words of the infrastructure code that it is written into. */
export interface DashboardNames {
  readonly region: string;
  readonly functionName: string;
  readonly queueName: string;
  readonly failedEvents: string;
}

/** What the templates of every kind of infrastructure share. */
export interface InfrastructureModel {
  /** None where a caller waits for the answer: nothing queues. */
  readonly ageMetric: AgeMetric | undefined;
  /** The `source` of the events that an EventBridge rule hands on. */
  readonly eventSource: string;
  /** The body of the dashboard, as JSON that is indented by so many spaces. */
  dashboard(names: DashboardNames, indent: number): string;
}

/** That of the event in `events/good.json`. */
const EVENT_SOURCE = 'com.example.shop';

const QUEUE_AGE: AgeMetric = {
  namespace: 'AWS/SQS',
  metric: 'ApproximateAgeOfOldestMessage',
  dimension: 'QueueName',
  threshold: 600,
  meaning: 'Messages wait for longer than 10 minutes',
};

const STREAM_AGE: AgeMetric = {
  namespace: 'AWS/Lambda',
  metric: 'IteratorAge',
  dimension: 'FunctionName',
  threshold: 600_000,
  meaning: 'Records wait for longer than 10 minutes',
};

const EVENT_AGE: AgeMetric = {
  namespace: 'AWS/Lambda',
  metric: 'AsyncEventAge',
  dimension: 'FunctionName',
  threshold: 600_000,
  meaning: 'Events wait for longer than 10 minutes',
};

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
type Metric = readonly (string | Readonly<Record<string, unknown>>)[];

interface Widget extends Readonly<Record<string, unknown>> {
  readonly title: string;
  readonly metrics: readonly Metric[];
}

/**
 * Derives from a service's event source what its infrastructure code, of whatever kind, is written with.
 *
 * @param source - the event source
 * @param service - the service's names
 * @returns the variables of the templates
 */
export function infrastructureModel(
  source: Source,
  service: { readonly projectName: string; readonly className: string },
): InfrastructureModel {
  const ageMetric = ageMetricOf(source);
  return {
    ageMetric,
    eventSource: EVENT_SOURCE,
    dashboard: (names, indent) =>
      dashboardBody([
        duration(names),
        errorRate(names),
        outcomes(source, service, names),
        load(names),
        ...waiting(source, ageMetric, names),
      ]).replaceAll(/^/gm, ' '.repeat(indent)),
  };
}

/** Two columns of widgets; a metric a line, so that a change of one is one line too. */
function dashboardBody(widgets: readonly Widget[]): string {
  const texts = widgets.map(({ metrics, ...properties }, index) => {
    const place = {
      type: 'metric',
      x: 12 * (index % 2),
      y: 6 * Math.floor(index / 2),
      width: 12,
      height: 6,
    };
    return [
      '    {',
      `      ${fieldsOf(place)},`,
      '      "properties": {',
      `        ${fieldsOf(properties)},`,
      '        "metrics": [',
      metrics.map((metric) => `          ${inline(metric)}`).join(',\n'),
      '        ]',
      '      }',
      '    }',
    ].join('\n');
  });
  return ['{', '  "widgets": [', texts.join(',\n'), '  ]', '}'].join('\n');
}

/** JSON on one line, with spaces after commas and colons. */
function inline(value: unknown): string {
  return JSON.stringify(value, undefined, 1)
    .replaceAll(/([[{])\n */g, '$1')
    .replaceAll(/\n *([\]}])/g, '$1')
    .replaceAll(/\n */g, ' ');
}

function fieldsOf(value: Readonly<Record<string, unknown>>): string {
  return inline(value).slice(1, -1);
}

function ageMetricOf(source: Source): AgeMetric | undefined {
  if (source.failureTarget === 'caller') return undefined;
  if (source.failureTarget === 'queue') return QUEUE_AGE;
  return source.failureTarget === 'mapping' ? STREAM_AGE : EVENT_AGE;
}

function widget(
  title: string,
  { region }: DashboardNames,
  metrics: readonly Metric[],
  options: Readonly<Record<string, unknown>> = {},
): Widget {
  return { title, region, period: 60, ...options, metrics };
}

function duration(names: DashboardNames): Widget {
  const percentiles = ['p90', 'p99'];
  return widget('Duration, ms', names, [
    [
      'AWS/Lambda',
      'Duration',
      'FunctionName',
      names.functionName,
      { stat: 'p50' },
    ],
    ...percentiles.map((stat): Metric => ['...', { stat }]),
  ]);
}

function errorRate(names: DashboardNames): Widget {
  const hidden = (metric: string): Metric => [
    ...['AWS/Lambda', metric, 'FunctionName', names.functionName],
    { id: metric.toLowerCase(), stat: 'Sum', visible: false },
  ];
  return widget('Error rate, %', names, [
    [{ expression: '100 * errors / FILL(invocations, 1)', label: 'errors' }],
    hidden('Errors'),
    hidden('Invocations'),
  ]);
}

function outcomes(
  { kind }: Source,
  { projectName, className }: { projectName: string; className: string },
  names: DashboardNames,
): Widget {
  const counted = [
    'Success',
    ...(kind === 'batch' ? ['Partial', 'FailedRecords'] : []),
    ...['Invalid', 'Conflict', 'Deferred', 'Error'],
  ];
  return widget(
    'Outcomes',
    names,
    counted.map((metric) => [
      `Services/${className}`,
      metric,
      'service',
      projectName,
    ]),
    { stat: 'Sum', stacked: true },
  );
}

function load(names: DashboardNames): Widget {
  const metric = (name: string): Metric => [
    ...['AWS/Lambda', name, 'FunctionName', names.functionName],
  ];
  return widget(
    'Load',
    names,
    [
      metric('Invocations'),
      metric('Throttles'),
      [...metric('ConcurrentExecutions'), { stat: 'Maximum' }],
    ],
    { stat: 'Sum' },
  );
}

function waiting(
  { failureTarget }: Source,
  age: AgeMetric | undefined,
  names: DashboardNames,
): readonly Widget[] {
  if (age === undefined || failureTarget === 'caller') return [];
  const waits = age.dimension === 'QueueName' ? 'queueName' : 'functionName';
  const depth = (queue: string): Metric => [
    ...['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue],
  ];
  return [
    widget(
      age.namespace === 'AWS/SQS' ? 'Oldest event, s' : 'Oldest event, ms',
      names,
      [[age.namespace, age.metric, age.dimension, names[waits]]],
      { stat: 'Maximum' },
    ),
    widget(
      'Failed and waiting events',
      names,
      [
        depth(names.failedEvents),
        ...(failureTarget === 'queue' ? [depth(names.queueName)] : []),
      ],
      { stat: 'Maximum' },
    ),
  ];
}
