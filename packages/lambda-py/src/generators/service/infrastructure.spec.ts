import { infrastructureModel } from './infrastructure';
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
