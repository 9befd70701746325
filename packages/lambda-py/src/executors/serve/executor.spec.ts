import { failureOf } from '../../testing/errors';
import { gatewayOf } from './executor';
import schema from './schema.json';

const PROJECT = { projectRoot: 'services/orders' };

describe('gatewayOf', () => {
  it('is the gateway of the source', () => {
    expect(gatewayOf({ ...PROJECT, source: 'api' }, {})).toEqual({
      kind: 'rest',
      payloadFormat: '1.0',
      stage: 'local',
      binaryMediaTypes: [],
      integrationTimeoutMs: 29_000,
    });
    expect(gatewayOf({ ...PROJECT, source: 'http' }, {})).toMatchObject({
      kind: 'http',
      payloadFormat: '2.0',
      stage: '$default',
      integrationTimeoutMs: 30_000,
    });
  });

  it('takes the format that the user asks for', () => {
    expect(
      gatewayOf(
        { ...PROJECT, source: 'http' },
        { payloadFormat: '1.0', binaryMediaTypes: ['a/b'] },
      ),
    ).toMatchObject({
      kind: 'http',
      payloadFormat: '1.0',
      binaryMediaTypes: ['a/b'],
    });
    expect(gatewayOf(PROJECT, { payloadFormat: '1.0' }).kind).toBe('rest');
    expect(
      gatewayOf({ ...PROJECT, source: 'direct' }, { payloadFormat: '2.0' })
        .kind,
    ).toBe('http');
  });

  it('refuses what no gateway does', () => {
    expect(
      failureOf(() => gatewayOf({ ...PROJECT, source: 'sqs' }, {})),
    ).toMatch(
      /services\/orders\/pyproject\.toml: \[tool\.lambda-py\] source: no HTTP request[^]*"sqs"[^]*--payloadFormat/,
    );
    expect(failureOf(() => gatewayOf(PROJECT, {}))).toMatch('no source');
    expect(
      failureOf(() =>
        gatewayOf({ ...PROJECT, source: 'api' }, { payloadFormat: '2.0' }),
      ),
    ).toMatch('a REST API sends no events of this format');
  });

  it('documents the formats', () => {
    expect(schema.properties.payloadFormat.enum).toEqual(['1.0', '2.0']);
    expect(schema.continuous).toBe(true);
  });
});
