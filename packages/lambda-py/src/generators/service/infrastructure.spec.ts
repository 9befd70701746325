import { join } from 'node:path';
import { writeMissingFiles } from '../shared/write-files';
import { changesOf, useTrees } from '../../testing/trees';
import { INFRASTRUCTURE_NAMES, infrastructureModel } from './infrastructure';
import { HTTP_CLIENT_VARIABLES } from './options';
import { SOURCES } from './sources';

const NAMES = {
  region: 'eu-west-1',
  functionName: 'f',
  queueName: 'q',
  failedEvents: 'd',
};
const SERVICE = { projectName: 'orders', className: 'Orders' };

interface Dashboard {
  readonly widgets: readonly {
    readonly x: number;
    readonly y: number;
    readonly properties: {
      readonly title: string;
      readonly metrics: readonly (readonly unknown[])[];
    };
  }[];
}

describe('infrastructureModel', () => {
  const drawn = Object.values(SOURCES).map((source) => ({
    source,
    model: infrastructureModel(source, SERVICE),
  }));

  it.each(drawn)('draws the dashboard of $source.name', ({ source, model }) => {
    const text = model.dashboard(NAMES, 4);
    const { widgets } = JSON.parse(text) as Dashboard;
    expect(text).toMatch(/^ {4}\{\n/);
    const titles = widgets.map(({ properties }) => properties.title);
    expect(titles.slice(0, 4)).toEqual([
      'Duration, ms',
      'Error rate, %',
      'Outcomes',
      'Load',
    ]);
    const [latency, errors, outcomes] = widgets.map(({ properties }) =>
      JSON.stringify(properties.metrics),
    );
    expect(latency).toContain('{"stat":"p50"}],["...",{"stat":"p90"}]');
    expect(errors).toContain('100 * errors');
    expect(outcomes).toContain(`"Services/Orders","${source.businessMetric}"`);
    expect(widgets).toHaveLength(source.failureTarget === 'caller' ? 4 : 6);
    const places = widgets.map(({ x, y }) => `${x},${y}`);
    expect(new Set(places).size).toBe(widgets.length);
  });

  it('has an age for every source that queues', () => {
    expect(
      drawn.map(({ source, model: { ageMetric } }) => [
        source.name,
        ageMetric?.metric,
      ]),
    ).toEqual([
      ['api', undefined],
      ['http', undefined],
      ['sqs', 'ApproximateAgeOfOldestMessage'],
      ['sns', 'AsyncEventAge'],
      ['s3', 'AsyncEventAge'],
      ['eventbridge', 'AsyncEventAge'],
      ['schedule', 'AsyncEventAge'],
      ['dynamodb', 'IteratorAge'],
      ['kinesis', 'IteratorAge'],
      ['direct', 'AsyncEventAge'],
    ]);
  });
});

describe('the templates', () => {
  const trees = useTrees();
  const KINDS = INFRASTRUCTURE_NAMES.filter((name) => name !== 'none');
  const rows = KINDS.flatMap((infra) =>
    Object.values(SOURCES).map((source) => ({ infra, source })),
  );

  it.each(rows)('of $infra for $source.name are whole', ({ infra, source }) => {
    const tree = trees.make();
    writeMissingFiles(
      tree,
      join(__dirname, 'files', `infra-${infra}`),
      'services/orders',
      {
        ...SERVICE,
        packageName: 'orders',
        projectRoot: 'services/orders',
        description: 'Says "${x}"',
        source: source.name,
        traits: source,
        infra,
        variables: HTTP_CLIENT_VARIABLES,
        runtime: 'python3.13',
        architecture: 'arm64',
        offsetFromRoot: '../../',
        ...infrastructureModel(source, SERVICE),
      },
    );
    const changes = Object.entries(changesOf(tree));
    const text = changes.map(([, content]) => content).join('\n');
    expect(text).not.toMatch(/<%|%>|undefined|\[object/);
    for (const [file, content] of changes) {
      if (file.endsWith('.json')) JSON.parse(content);
    }
    const expected = [
      'python3.13',
      'orders.handler.handler',
      '../../../dist/services/orders/orders.zip',
      ...['Errors', 'Throttles', source.businessMetric, 'IDEMPOTENCY_TABLE'],
      ...['PARTNER_HOST', 'ssm:GetParameter', 'p90', 'expiration'],
      ...(source.kind === 'batch'
        ? [/ReportBatchItemFailures|report_batch_item_failures=True/]
        : []),
      ...(source.failureTarget === 'caller'
        ? []
        : [/FailedEvents|failed_events/, 'ApproximateNumberOfMessagesVisible']),
      // CDK grants them itself.
      ...(infra === 'cdk' ? [] : source.pollActions),
    ];
    for (const part of expected) expect(text).toMatch(part);
  });
});
