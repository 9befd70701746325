import { gzipSync } from 'node:zlib';
import { connect } from 'node:net';
import { rejectionOf } from '../testing/errors';
import type { Access } from './access-line';
import { formatAccess } from './access-line';
import type { EnvironmentAnswer } from './execution-environment';
import { startFront } from './front';
import type { Front } from './front';
import { LARGEST_BODY_BYTES, LARGEST_INVOCATION_BYTES } from './gateway';
import type { Gateway } from './gateway';

type Respond = (event: Record<string, unknown>) => Promise<unknown>;

const fronts: Front[] = [];
const accesses: Access[] = [];
const errors: unknown[] = [];

async function start(
  respond: Respond,
  gateway: Partial<Gateway> = {},
): Promise<string> {
  const front = await startFront({
    gateway: {
      kind: 'http',
      payloadFormat: '2.0',
      stage: '$default',
      binaryMediaTypes: [],
      integrationTimeoutMs: 5000,
      ...gateway,
    },
    port: 0,
    invoke: async (event): Promise<EnvironmentAnswer> => {
      const response = await respond(
        JSON.parse(event.toString()) as Record<string, unknown>,
      );
      return {
        payload: Buffer.from(JSON.stringify(response)),
        contentType: 'application/json',
        durationMs: 1,
        requestId: 'invocation',
        ...(response instanceof Error
          ? { error: { errorType: 'E', errorMessage: response.message } }
          : {}),
      };
    },
    onAccess: (access) => accesses.push(access),
    onError: (error) => errors.push(error),
  });
  fronts.push(front);
  return `http://127.0.0.1:${front.port}`;
}

afterEach(async () => {
  await Promise.all(fronts.splice(0).map((front) => front.close()));
  accesses.length = 0;
  errors.length = 0;
});

describe('startFront', () => {
  it('answers a browser: request, event, response', async () => {
    const url = await start(({ rawPath, body, headers }) =>
      Promise.resolve({
        statusCode: 201,
        headers: { 'x-seen': (headers as Record<string, string>)['x-mine'] },
        cookies: ['a=1', 'b=2'],
        body: `${String(rawPath)} ${String(body)}`,
      }),
    );
    const response = await fetch(`${url}/a%20b?c=d`, {
      method: 'PUT',
      headers: { 'x-mine': 'yes', 'content-type': 'text/plain' },
      body: 'ä',
    });
    expect(response.status).toBe(201);
    expect(await response.text()).toBe('/a b ä');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-seen')).toBe('yes');
    expect(response.headers.get('apigw-requestid')).toMatch(/^[\da-f-]{36}$/);
    expect(accesses).toMatchObject([
      {
        method: 'PUT',
        target: '/a%20b?c=d',
        status: 201,
        bytes: 7,
        requestId: 'invocation',
      },
    ]);
  });

  it('hands bytes through', async () => {
    const text = 'compressed '.repeat(100);
    const url = await start(({ body, isBase64Encoded }) =>
      Promise.resolve({
        statusCode: 200,
        headers: { 'content-encoding': 'gzip', 'content-type': 'text/plain' },
        body,
        isBase64Encoded,
      }),
    );
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: gzipSync(text),
    });
    expect(await response.text()).toBe(text);
  });

  it('sends no content where there may be none', async () => {
    const url = await start(({ rawPath }) =>
      Promise.resolve({
        statusCode: rawPath === '/204' ? 204 : 200,
        body: 'body',
      }),
    );
    const head = await fetch(url, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('4');
    expect(await head.text()).toBe('');
    const none = await fetch(`${url}/204`);
    expect(none.status).toBe(204);
    expect(none.headers.get('content-length')).toBeNull();
  });

  it.each([
    ['rest', '1.0', 502, 504],
    ['http', '2.0', 500, 503],
  ] as const)(
    'answers for a function behind a %s API that fails or takes too long',
    async (kind, payloadFormat, failed, late) => {
      const url = await start(
        (event) =>
          (event['path'] ?? event['rawPath']) === '/late'
            ? new Promise(() => undefined)
            : Promise.resolve(new Error('no')),
        { kind, payloadFormat, integrationTimeoutMs: 50 },
      );
      expect((await fetch(url)).status).toBe(failed);
      expect((await fetch(`${url}/late`)).status).toBe(late);
    },
  );

  it('refuses what a gateway and Lambda refuse for its size', async () => {
    let invocations = 0;
    const url = await start(
      () => {
        invocations += 1;
        return Promise.resolve({ statusCode: 200 });
      },
      { kind: 'rest', payloadFormat: '1.0' },
    );
    const post = async (bytes: number): Promise<unknown> => {
      const response = await fetch(url, {
        method: 'POST',
        body: Buffer.alloc(bytes, 'a'),
      });
      return [response.status, await response.text()];
    };
    expect(await post(LARGEST_BODY_BYTES + 1)).toEqual([
      413,
      '{"message": "HTTP content length exceeded 10485760 bytes."}',
    ]);
    expect(await post(LARGEST_INVOCATION_BYTES)).toEqual([
      413,
      '{"message": "Request Too Long"}',
    ]);
    expect(invocations).toBe(0);
    expect(await post(LARGEST_INVOCATION_BYTES - 10_000)).toEqual([200, '']);
  });

  it('outlives a client that goes away, and a defect', async () => {
    const url = await start(({ rawPath }) =>
      rawPath === '/defect'
        ? Promise.reject(new Error('defect'))
        : Promise.resolve({ statusCode: 200 }),
    );
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await fetch(`${url}/defect`)).status).toBe(500);
    expect((await fetch(url)).status).toBe(200);
    expect(errors).toEqual([new Error('defect')]);
  });

  it('says that a port is taken', async () => {
    const url = await start(() => Promise.resolve({}));
    const port = Number(new URL(url).port);
    const failure = await rejectionOf(
      startFront({
        gateway: {} as Gateway,
        port,
        invoke: () => Promise.reject(new Error()),
        onAccess: () => undefined,
        onError: () => undefined,
      }),
    );
    expect(failure).toMatch(
      new RegExp(
        `--port: another process listens on the port\\n.*127\\.0\\.0\\.1:${port}\\n.*--port=0`,
      ),
    );
  });
});

it('writes an access line for people, and for programs', () => {
  const access = {
    time: new Date(0),
    method: 'GET',
    target: '/a?b',
    status: 200,
    bytes: 3,
    durationMs: 1.25,
  };
  expect(formatAccess(access, false)).toBe('GET /a?b 200 3 B 1.3 ms');
  expect(JSON.parse(formatAccess({ ...access, requestId: 'r' }, true))).toEqual(
    {
      time: '1970-01-01T00:00:00.000Z',
      method: 'GET',
      target: '/a?b',
      status: 200,
      bytes: 3,
      durationMs: 1.3,
      requestId: 'r',
    },
  );
});
