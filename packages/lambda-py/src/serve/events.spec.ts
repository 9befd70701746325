import { eventOfFormat1 } from './event-format-1';
import { eventOfFormat2 } from './event-format-2';
import { STAGE } from './gateway';
import type { EventContext, GatewayKind, HttpRequest } from './gateway';

function contextOf(
  kind: GatewayKind,
  binaryMediaTypes: readonly string[] = [],
): EventContext {
  return {
    gateway: {
      kind,
      payloadFormat: kind === 'rest' ? '1.0' : '2.0',
      stage: STAGE[kind],
      binaryMediaTypes,
      integrationTimeoutMs: 1,
    },
    requestId: 'id',
    traceId: 'Root=1-2-3',
    time: new Date('2020-03-12T19:03:58.390Z'),
  };
}

function requestOf(changes: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'POST',
    target:
      '/my/path?parameter1=value1&parameter1=value2&parameter2=value#fragment',
    headers: [
      ['Host', 'id.execute-api.example'],
      ['Header1', 'value1'],
      ['header2', 'value1'],
      ['Header2', 'value2'],
      ['User-Agent', 'agent'],
      ['Connection', 'keep-alive'],
    ],
    body: Buffer.from('Hello from Lambda'),
    sourceIp: '192.0.2.1',
    port: 3000,
    protocol: 'HTTP/1.1',
    ...changes,
  };
}

const TEXT: readonly [string, string] = ['Content-Type', 'text/plain'];

// The examples of
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
describe('eventOfFormat2', () => {
  it('is the event of the documentation', () => {
    const request = requestOf();
    const event = eventOfFormat2(
      {
        ...request,
        headers: [...request.headers, ['Cookie', 'cookie1; cookie2=a=b'], TEXT],
      },
      contextOf('http'),
    );
    expect(event).toEqual({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/my/path',
      rawQueryString: 'parameter1=value1&parameter1=value2&parameter2=value',
      cookies: ['cookie1', 'cookie2=a=b'],
      headers: {
        host: 'id.execute-api.example',
        header1: 'value1',
        header2: 'value1,value2',
        'user-agent': 'agent',
        'content-type': 'text/plain',
        'x-amzn-trace-id': 'Root=1-2-3',
        'x-forwarded-for': '192.0.2.1',
        'x-forwarded-port': '3000',
        'x-forwarded-proto': 'http',
      },
      queryStringParameters: {
        parameter1: 'value1,value2',
        parameter2: 'value',
      },
      requestContext: {
        accountId: '123456789012',
        apiId: 'local',
        domainName: 'id.execute-api.example',
        domainPrefix: 'id',
        http: {
          method: 'POST',
          path: '/my/path',
          protocol: 'HTTP/1.1',
          sourceIp: '192.0.2.1',
          userAgent: 'agent',
        },
        requestId: 'id',
        routeKey: '$default',
        stage: '$default',
        time: '12/Mar/2020:19:03:58 +0000',
        timeEpoch: 1584039838390,
      },
      body: 'Hello from Lambda',
      isBase64Encoded: false,
    });
  });

  it('leaves out what a request has not', () => {
    const event = eventOfFormat2(
      requestOf({ target: '/', headers: [], body: Buffer.alloc(0) }),
      contextOf('http'),
    );
    expect(Object.keys(event)).toEqual([
      'version',
      'routeKey',
      'rawPath',
      'rawQueryString',
      'headers',
      'requestContext',
      'isBase64Encoded',
    ]);
  });

  it.each([
    ['text/plain; charset=utf-8', false],
    ['application/json', false],
    ['APPLICATION/XML', false],
    ['application/javascript', false],
    ['application/x-www-form-urlencoded', true],
    ['application/octet-stream', true],
    [undefined, true],
  ])('takes a body of %s for binary: %s', (type, isBinary) => {
    const { body, isBase64Encoded } = eventOfFormat2(
      requestOf({
        headers: type === undefined ? [] : [['content-type', type]],
        body: Buffer.from('ä'),
      }),
      contextOf('http'),
    );
    expect([body, isBase64Encoded]).toEqual([
      isBinary ? 'w6Q=' : 'ä',
      isBinary,
    ]);
  });

  it('decodes the path and keeps the query', () => {
    expect(
      eventOfFormat2(
        requestOf({ target: '/a%20b/%C3%A4?q=a%20b+c%2Bd&empty&=x' }),
        contextOf('http'),
      ),
    ).toMatchObject({
      rawPath: '/a b/ä',
      rawQueryString: 'q=a%20b+c%2Bd&empty&=x',
      queryStringParameters: { q: 'a b c+d', empty: '', '': 'x' },
    });
    expect(
      eventOfFormat2(requestOf({ target: '/100%' }), contextOf('http')),
    ).toMatchObject({ rawPath: '/100%' });
  });

  it('adds itself to the proxies that the request came through', () => {
    expect(
      eventOfFormat2(
        requestOf({
          headers: [
            ['x-forwarded-for', '198.51.100.1'],
            ['X-Forwarded-Proto', 'gopher'],
          ],
        }),
        contextOf('http'),
      ),
    ).toMatchObject({
      headers: {
        'x-forwarded-for': '198.51.100.1, 192.0.2.1',
        'x-forwarded-proto': 'http',
      },
    });
  });
});

describe('eventOfFormat1', () => {
  it('is what a REST API sends', () => {
    const event = eventOfFormat1(requestOf(), contextOf('rest'));
    expect(event).toEqual({
      resource: '/{proxy+}',
      path: '/my/path',
      httpMethod: 'POST',
      headers: {
        Host: 'id.execute-api.example',
        Header1: 'value1',
        header2: 'value2',
        'User-Agent': 'agent',
        'X-Amzn-Trace-Id': 'Root=1-2-3',
        'X-Forwarded-For': '192.0.2.1',
        'X-Forwarded-Port': '3000',
        'X-Forwarded-Proto': 'http',
      },
      multiValueHeaders: {
        Host: ['id.execute-api.example'],
        Header1: ['value1'],
        header2: ['value1', 'value2'],
        'User-Agent': ['agent'],
        'X-Amzn-Trace-Id': ['Root=1-2-3'],
        'X-Forwarded-For': ['192.0.2.1'],
        'X-Forwarded-Port': ['3000'],
        'X-Forwarded-Proto': ['http'],
      },
      queryStringParameters: { parameter1: 'value2', parameter2: 'value' },
      multiValueQueryStringParameters: {
        parameter1: ['value1', 'value2'],
        parameter2: ['value'],
      },
      pathParameters: { proxy: 'my/path' },
      stageVariables: null,
      requestContext: {
        accountId: '123456789012',
        apiId: 'local',
        domainName: 'id.execute-api.example',
        domainPrefix: 'id',
        extendedRequestId: 'id',
        httpMethod: 'POST',
        identity: {
          accessKey: null,
          accountId: null,
          caller: null,
          cognitoAuthenticationProvider: null,
          cognitoAuthenticationType: null,
          cognitoIdentityId: null,
          cognitoIdentityPoolId: null,
          principalOrgId: null,
          sourceIp: '192.0.2.1',
          user: null,
          userAgent: 'agent',
          userArn: null,
        },
        path: '/local/my/path',
        protocol: 'HTTP/1.1',
        requestId: 'id',
        requestTime: '12/Mar/2020:19:03:58 +0000',
        requestTimeEpoch: 1584039838390,
        resourceId: 'local',
        resourcePath: '/{proxy+}',
        stage: 'local',
      },
      body: 'Hello from Lambda',
      isBase64Encoded: false,
    });
  });

  it('has null for what a request has not', () => {
    expect(
      eventOfFormat1(
        requestOf({ target: '/', headers: [], body: Buffer.alloc(0) }),
        contextOf('rest'),
      ),
    ).toMatchObject({
      resource: '/',
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  it('keeps the path of a REST API as it came, and decodes that of an HTTP API', () => {
    const request = requestOf({ target: '/a%20b' });
    expect(eventOfFormat1(request, contextOf('rest'))).toMatchObject({
      path: '/a%20b',
      pathParameters: { proxy: 'a%20b' },
    });
    expect(eventOfFormat1(request, contextOf('http'))).toMatchObject({
      version: '1.0',
      path: '/a b',
      requestContext: { stage: '$default', path: '/a b' },
      headers: { header1: 'value1' },
    });
  });

  it.each([
    ['image/png', ['image/*'], true],
    ['image/png', ['image/gif', '*/*'], true],
    ['image/png', ['image/gif'], false],
    ['', ['application/octet-stream'], false],
  ])('%s is binary among %j: %s', (type, binaryMediaTypes, isBinary) => {
    const { isBase64Encoded } = eventOfFormat1(
      requestOf({ headers: [['Content-Type', type]] }),
      contextOf('rest', binaryMediaTypes),
    );
    expect(isBase64Encoded).toBe(isBinary);
  });

  it('takes any name for a name', () => {
    const event = eventOfFormat1(
      requestOf({
        target: 'http://other.example/x?__proto__=1&constructor=2',
        headers: [['__proto__', 'a']],
      }),
      contextOf('rest'),
    );
    const parsed = JSON.stringify(event);
    expect(parsed).toContain(
      '"queryStringParameters":{"__proto__":"1","constructor":"2"}',
    );
    expect(parsed).toContain('"headers":{"__proto__":"a"');
    expect(event).toMatchObject({ path: '/x' });
  });
});
