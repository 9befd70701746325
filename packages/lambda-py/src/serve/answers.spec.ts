import { answerOfFormat1 } from './answer-format-1';
import { answerOfFormat2 } from './answer-format-2';
import type { Gateway, GatewayKind, HttpAnswer, HttpRequest } from './gateway';
import { answerOfError } from './gateway-errors';

function gatewayOf(
  kind: GatewayKind,
  binaryMediaTypes: readonly string[] = [],
): Gateway {
  return {
    kind,
    payloadFormat: '1.0',
    stage: 'local',
    binaryMediaTypes,
    integrationTimeoutMs: 1,
  };
}

function answer1(
  response: unknown,
  gateway: Gateway = gatewayOf('rest'),
  accept?: string,
): HttpAnswer {
  const request = {
    headers: accept === undefined ? [] : [['Accept', accept]],
  } as unknown as HttpRequest;
  return answerOfFormat1(
    Buffer.from(JSON.stringify(response)),
    request,
    gateway,
  );
}

function answer2(payload: string): HttpAnswer {
  return answerOfFormat2(Buffer.from(payload), gatewayOf('http'));
}

function shown({ status, headers, body }: HttpAnswer): unknown {
  return [status, headers, body.toString()];
}

const BAD_GATEWAY = [
  502,
  [
    ['content-type', 'application/json'],
    ['x-amzn-errortype', 'InternalServerErrorException'],
  ],
  '{"message": "Internal server error"}',
];
const SERVER_ERROR = [
  500,
  [['content-type', 'application/json']],
  '{"message":"Internal Server Error"}',
];

describe('answerOfFormat1', () => {
  it('takes status, headers and body', () => {
    expect(
      shown(
        answer1({
          statusCode: '201',
          headers: { 'X-Number': 1, 'X-True': true, 'x-both': 'single' },
          multiValueHeaders: { 'Set-Cookie': ['a', 'b'], 'X-Both': ['many'] },
          body: 'ä',
          isBase64Encoded: false,
        }),
      ),
    ).toEqual([
      201,
      [
        ['X-Number', '1'],
        ['X-True', 'true'],
        ['Set-Cookie', 'a'],
        ['Set-Cookie', 'b'],
        ['X-Both', 'many'],
        ['content-type', 'application/json'],
      ],
      'ä',
    ]);
  });

  it('needs no more than a status', () => {
    expect(shown(answer1({ statusCode: 204, body: null }))).toEqual([
      204,
      [['content-type', 'application/json']],
      '',
    ]);
    expect(answer1({ statusCode: 200 }, gatewayOf('http')).headers).toEqual([
      ['content-type', 'text/plain; charset=utf-8'],
    ]);
  });

  it.each([
    [{}],
    [{ statusCode: 'ok' }],
    [{ statusCode: 99 }],
    [{ statusCode: 200.5 }],
    [{ statusCode: 200, body: { a: 1 } }],
    [{ statusCode: 200, headers: ['a'] }],
    [{ statusCode: 200, headers: { a: ['b'] } }],
    [{ statusCode: 200, headers: { 'a b': 'c' } }],
    [{ statusCode: 200, headers: { a: 'b\r\nc: d' } }],
    [{ statusCode: 200, multiValueHeaders: { a: 'b' } }],
    ['text'],
    [null],
    [[]],
  ])('takes %j for malformed', (response) => {
    expect(shown(answer1(response))).toEqual(BAD_GATEWAY);
    expect(shown(answer1(response, gatewayOf('http')))).toEqual(SERVER_ERROR);
  });

  it('decodes bytes for those who accept them', () => {
    const response = {
      statusCode: 200,
      body: Buffer.from([0, 255]).toString('base64'),
      isBase64Encoded: true,
    };
    const images = gatewayOf('rest', ['image/*']);
    expect(answer1(response, images, 'image/png, */*').body).toEqual(
      Buffer.from([0, 255]),
    );
    expect(answer1(response, images, 'text/html').body.toString()).toBe('AP8=');
    expect(answer1(response, gatewayOf('rest', ['*/*'])).body).toHaveLength(2);
    expect(answer1(response, gatewayOf('http')).body).toHaveLength(2);
  });

  it('renames what a REST API writes itself', () => {
    expect(
      answer1({
        statusCode: 401,
        headers: {
          Date: 'x',
          'WWW-Authenticate': 'Basic',
          'Content-Length': '7',
          'Transfer-Encoding': 'chunked',
        },
      }).headers,
    ).toEqual([
      ['x-amzn-remapped-date', 'x'],
      ['x-amzn-remapped-www-authenticate', 'Basic'],
      ['x-amzn-remapped-content-length', '7'],
      ['content-type', 'application/json'],
    ]);
  });
});

describe('answerOfFormat2', () => {
  it('takes status, headers, cookies and body', () => {
    expect(
      shown(
        answer2(
          '{"statusCode": 200, "headers": {"Content-Type": "text/html", "Content-Length": "1"}, "cookies": ["a=1", "b=2; Path=/"], "body": "PGI+", "isBase64Encoded": true}',
        ),
      ),
    ).toEqual([
      200,
      [
        ['Content-Type', 'text/html'],
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2; Path=/'],
      ],
      '<b>',
    ]);
    expect(answer2('{"statusCode": 404}').headers).toEqual([
      ['content-type', 'text/plain; charset=utf-8'],
    ]);
  });

  it.each([
    '{ "message": "Hello from Lambda!" }',
    '"Hello from Lambda!"',
    '{"body": "x"}',
    'null',
    '[1]',
    'NaN',
  ])('infers a response from %s', (payload) => {
    expect(shown(answer2(payload))).toEqual([
      200,
      [['content-type', 'application/json']],
      payload,
    ]);
  });

  it.each([
    '{"statusCode": null}',
    '{"statusCode": 200, "body": {}}',
    '{"statusCode": 200, "cookies": "a"}',
    '{"statusCode": 200, "cookies": ["a\\nb"]}',
  ])('takes %s for malformed', (payload) => {
    expect(shown(answer2(payload))).toEqual(SERVER_ERROR);
  });
});

it('answers in place of the function as each gateway does', () => {
  const answers = (['rest', 'http'] as const).flatMap((kind) =>
    (['function', 'timeout', 'too-large'] as const).map((error) => {
      const { status, body } = answerOfError(kind, error);
      return [
        kind,
        status,
        (JSON.parse(body.toString()) as { message: string }).message,
      ];
    }),
  );
  expect(answers).toEqual([
    ['rest', 502, 'Internal server error'],
    ['rest', 504, 'Endpoint request timed out'],
    ['rest', 413, 'HTTP content length exceeded 10485760 bytes.'],
    ['http', 500, 'Internal Server Error'],
    ['http', 503, 'Service Unavailable'],
    ['http', 413, 'Request Entity Too Large'],
  ]);
});
