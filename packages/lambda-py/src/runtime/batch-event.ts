import { createHash } from 'node:crypto';
import { LambdaPyError } from '../workspace/errors';

/** An event of one or more records. */
export interface EventFile {
  /** Relative to the workspace root. */
  readonly file: string;
  /** JSON. */
  readonly text: string;
}

type Json = Record<string, unknown>;

/**
 * Assembles one batch from the records of several events, in their order, as Lambda polls them from a queue or a stream: ids
 * that come again become others, and sequence numbers and offsets ascend.
 *
 * @param events - at least one; the same one may be there several times
 * @returns the batch as JSON
 * @throws {@link LambdaPyError} when an event has no records, or they come from different sources
 */
export function assembleBatch(events: readonly EventFile[]): string {
  const parsed = events.map(({ file, text }) => ({
    file,
    event: JSON.parse(text) as unknown,
  }));
  const [first] = parsed;
  if (first === undefined) throw new Error('a batch has one event at least');
  const sources = new Set<string>();
  for (const { file, event } of parsed) {
    for (const source of sourcesOf(file, event)) sources.add(source);
    if (sources.size > 1) {
      throw new LambdaPyError({
        file,
        problem: 'the events come from different sources',
        found: [...sources].join(', '),
        expected: 'a batch of one source',
        mend: 'name events of one source in --event',
      });
    }
  }
  const distinct = new DistinctIds();
  const all = parsed.map(({ event }) => event as Json);
  if (all.some((event) => 'records' in event))
    return JSON.stringify(assembleMap(all, distinct));
  const records = all.flatMap((event) => event['Records'] as Json[]);
  for (const record of records) distinct.make(record);
  return JSON.stringify({ ...all[0], Records: records });
}

/** Kafka: lists of records by topic and partition. Firehose: one list. */
function assembleMap(events: readonly Json[], distinct: DistinctIds): Json {
  const lists = events.map(({ records }) => records as Json | Json[]);
  if (Array.isArray(lists[0])) {
    const records = lists.flatMap((list) => list as Json[]);
    for (const record of records) distinct.make(record);
    return { ...events[0], records };
  }
  const records: Record<string, Json[]> = {};
  for (const list of lists as Record<string, Json[]>[]) {
    for (const [partition, those] of Object.entries(list)) {
      for (const record of those) distinct.make(record, partition);
      records[partition] = [...(records[partition] ?? []), ...those];
    }
  }
  return { ...events[0], records };
}

function sourcesOf(file: string, event: unknown): readonly string[] {
  const { Records, records, eventSource } = (event ?? {}) as Json;
  if (Array.isArray(Records) && Records.every(isObject)) {
    return Records.map((record) =>
      textOf(record['eventSource'] ?? record['EventSource']),
    );
  }
  if (Array.isArray(records) && records.every(isObject)) return ['firehose'];
  if (
    isObject(records) &&
    Object.values(records).every(
      (list) => Array.isArray(list) && list.every(isObject),
    )
  ) {
    return [textOf(eventSource)];
  }
  throw new LambdaPyError({
    file,
    problem: 'the event has no records, so that it cannot be part of a batch',
    expected: 'a list "Records", or "records" as Kafka and Firehose have them',
    mend: 'name one event in --event, or events of a queue or a stream',
  });
}

function textOf(source: unknown): string {
  return typeof source === 'string' ? source : 'an unknown source';
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes records distinct that were copied from one another. */
class DistinctIds {
  private readonly seen = new Map<string, number>();
  private readonly last = new Map<string, bigint>();

  make(record: Json, partition = ''): void {
    this.id(record, 'messageId', uuid);
    this.id(record, 'receiptHandle', opaque);
    this.id(record, 'recordId', opaque);
    if (isObject(record['Sns'])) this.id(record['Sns'], 'MessageId', uuid);
    if (isObject(record['kinesis'])) {
      const { kinesis } = record as { kinesis: Json };
      this.ascend(kinesis, 'sequenceNumber', 'kinesis');
      const eventId = record['eventID'];
      if (typeof eventId === 'string') {
        const shard = eventId.split(':')[0] ?? '';
        record['eventID'] = `${shard}:${String(kinesis['sequenceNumber'])}`;
      }
      return;
    }
    this.id(record, 'eventID', hex);
    if (isObject(record['dynamodb'])) {
      this.ascend(record['dynamodb'], 'SequenceNumber', 'dynamodb');
    }
    this.ascend(record, 'offset', partition);
  }

  private id(
    record: Json,
    key: string,
    another: (value: string, time: number) => string,
  ): void {
    const value = record[key];
    if (typeof value !== 'string') return;
    const time = this.seen.get(`${key} ${value}`) ?? 0;
    this.seen.set(`${key} ${value}`, time + 1);
    if (time > 0) record[key] = another(value, time);
  }

  private ascend(record: Json, key: string, sequence: string): void {
    const value = record[key];
    const isText = typeof value === 'string';
    if (!/^\d+$/.test(String(value))) return;
    const last = this.last.get(sequence);
    let number = BigInt(value as string | number);
    if (last !== undefined && number <= last) number = last + 1n;
    this.last.set(sequence, number);
    record[key] = isText ? String(number) : Number(number);
  }
}

// The same batch is assembled each time: what a function keeps of an id, it finds again.

function hex(value: string, time: number): string {
  return createHash('sha256')
    .update(`${value} ${time}`)
    .digest('hex')
    .slice(0, 32);
}

function uuid(value: string, time: number): string {
  return hex(value, time).replace(
    /^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/,
    '$1-$2-4$3-8$4-$5',
  );
}

function opaque(value: string, time: number): string {
  return `${value}-${time + 1}`;
}
