import { assembleBatch } from './batch-event';

interface Batch {
  readonly Records: readonly Record<string, unknown>[];
  readonly records: Record<string, readonly Record<string, unknown>[]>;
}

function assemble(...events: readonly unknown[]): Batch {
  const files = events.map((event, index) => ({
    file: `${index}.json`,
    text: JSON.stringify(event),
  }));
  return JSON.parse(assembleBatch(files)) as Batch;
}

const message = (messageId: string, body: string) => ({
  messageId,
  receiptHandle: 'AQ',
  body,
  eventSource: 'aws:sqs',
});
const GOOD = {
  Records: [message('4f9a1c7e-2b3d-4e5f-8a6b-0c1d2e3f4a5b', 'good')],
};
const BAD = {
  Records: [message('4f9a1c7e-2b3d-4e5f-8a6b-0c1d2e3f4a5b', 'bad')],
};

describe('assembleBatch', () => {
  it('makes one batch of messages, each with an id of its own, and the same one each time', () => {
    const batch = assemble(GOOD, BAD, GOOD);
    expect(batch.Records.map(({ body }) => body)).toEqual([
      'good',
      'bad',
      'good',
    ]);
    const ids = batch.Records.map(({ messageId }) => messageId);
    expect(ids[0]).toBe('4f9a1c7e-2b3d-4e5f-8a6b-0c1d2e3f4a5b');
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) {
      expect(id).toMatch(
        /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/,
      );
    }
    expect(batch.Records.map(({ receiptHandle }) => receiptHandle)).toEqual([
      'AQ',
      'AQ-2',
      'AQ-3',
    ]);
    expect(assemble(GOOD, BAD, GOOD)).toEqual(batch);
  });

  it('lets sequence numbers of a stream ascend', () => {
    const record = (sequenceNumber: string) => ({
      kinesis: { sequenceNumber, data: '' },
      eventID: `shardId-000000000006:${sequenceNumber}`,
      eventSource: 'aws:kinesis',
    });
    const { Records } = assemble(
      {
        Records: [
          record('49590338271490256608559692538361571095921575989136658720'),
          record('49590338271490256608559692538361571095921575989136658721'),
        ],
      },
      {
        Records: [
          record('49590338271490256608559692538361571095921575989136658720'),
        ],
      },
    );
    expect(Records.map(({ eventID }) => eventID)).toEqual([
      'shardId-000000000006:49590338271490256608559692538361571095921575989136658720',
      'shardId-000000000006:49590338271490256608559692538361571095921575989136658721',
      'shardId-000000000006:49590338271490256608559692538361571095921575989136658722',
    ]);
    const change = {
      Records: [
        {
          eventID: 'c4ca4238a0b923820dcc509a6f75849b',
          eventSource: 'aws:dynamodb',
          dynamodb: { SequenceNumber: '111' },
        },
      ],
    };
    const changes = assemble(change, change).Records;
    expect(changes.map(({ dynamodb }) => dynamodb)).toEqual([
      { SequenceNumber: '111' },
      { SequenceNumber: '112' },
    ]);
    expect(changes[1]?.['eventID']).toMatch(/^(?!c4ca)[\da-f]{32}$/);
  });

  it('joins partitions of Kafka, notifications, and records of Firehose', () => {
    const kafka = (partition: string, offset: number) => ({
      eventSource: 'aws:kafka',
      records: { [partition]: [{ topic: 'orders', offset, value: 'e30=' }] },
    });
    expect(
      assemble(
        kafka('orders-0', 15),
        kafka('orders-1', 15),
        kafka('orders-0', 15),
      ).records,
    ).toEqual({
      'orders-0': [
        { topic: 'orders', offset: 15, value: 'e30=' },
        { topic: 'orders', offset: 16, value: 'e30=' },
      ],
      'orders-1': [{ topic: 'orders', offset: 15, value: 'e30=' }],
    });
    const notification = {
      Records: [
        { EventSource: 'aws:sns', Sns: { MessageId: 'a', Message: '' } },
      ],
    };
    const [one, other] = assemble(notification, notification).Records;
    expect(one?.['Sns']).toEqual({ MessageId: 'a', Message: '' });
    expect(other?.['Sns']).not.toMatchObject({ MessageId: 'a' });
    const firehose = { records: [{ recordId: '1', data: '' }] };
    expect(assemble(firehose, firehose).records).toEqual([
      { recordId: '1', data: '' },
      { recordId: '1-2', data: '' },
    ]);
  });

  it.each([
    ['no records', { id: 1 }, /1\.json: the event has no records/],
    ['no object', null, /the event has no records/],
    [
      'records of another source',
      { Records: [{ eventSource: 'aws:s3' }] },
      /different sources\n.*aws:sqs, aws:s3/,
    ],
    ['another shape', { records: [{ recordId: '1' }] }, /different sources/],
  ])('refuses %s', (_, event, message) => {
    expect(() => assemble(GOOD, event)).toThrow(message);
  });
});
