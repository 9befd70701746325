import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { LARGEST_RESPONSE_BYTES } from './lambda-limits';
import { RuntimeApi } from './runtime-api';
import type { RuntimeRequest } from './runtime-api-messages';

let api: RuntimeApi;

beforeEach(async () => {
  api = await RuntimeApi.start();
});
afterEach(() => api.close());

const REQUEST: RuntimeRequest = {
  requestId: 'request-1',
  event: Buffer.from('{"a": 1}'),
  deadlineMs: 1234567890123,
  functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
  traceId: 'Root=1-0-0;Parent=0;Sampled=0',
};

function call(path: string, init?: RequestInit): Promise<Response> {
  return fetch(`http://${api.address}/2018-06-01/runtime${path}`, init);
}

function post(
  path: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  return call(path, { method: 'POST', body, headers });
}

describe('RuntimeApi', () => {
  it('listens on the loopback interface alone', async () => {
    expect(api.address).toMatch(/^127\.0\.0\.1:\d+$/);
    const port = api.address.split(':')[1];
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${port}/`)).rejects.toThrow();
    }
  });

  it('lets a poll wait until there is an event, and hands that over with its headers', async () => {
    const polled = call('/invocation/next');
    expect(await api.initialised).toEqual({ kind: 'ready' });
    const answered = api.invoke({
      ...REQUEST,
      clientContext: '{"custom": {}}',
    });
    const response = await polled;
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': 'request-1',
      'lambda-runtime-deadline-ms': '1234567890123',
      'lambda-runtime-invoked-function-arn': REQUEST.functionArn,
      'lambda-runtime-trace-id': REQUEST.traceId,
      'lambda-runtime-client-context': '{"custom": {}}',
    });
    expect(await response.text()).toBe('{"a": 1}');
    const posted = await post('/invocation/request-1/response', '"done"', {
      'Content-Type': 'application/json',
    });
    expect(posted.status).toBe(202);
    expect(await answered).toMatchObject({
      kind: 'response',
      body: Buffer.from('"done"'),
      contentType: 'application/json',
    });
  });

  it('serves one event after the other, whichever side is first', async () => {
    for (const requestId of ['one', 'two']) {
      const answered = api.invoke({ ...REQUEST, requestId });
      expect(
        (await call('/invocation/next')).headers.get(
          'lambda-runtime-aws-request-id',
        ),
      ).toBe(requestId);
      await post(`/invocation/${requestId}/error`, '{"errorType": "E"}', {
        'Lambda-Runtime-Function-Error-Type': 'E',
      });
      expect(await answered).toMatchObject({ kind: 'error', errorType: 'E' });
    }
  });

  it('takes an error of the initialisation', async () => {
    const posted = await post('/init/error', '{}', {
      'Lambda-Runtime-Function-Error-Type': 'Runtime.ImportModuleError',
    });
    expect(posted.status).toBe(202);
    expect(await api.initialised).toMatchObject({
      kind: 'error',
      errorType: 'Runtime.ImportModuleError',
    });
    expect((await post('/init/error', '{}')).status).toBe(403);
  });

  it('refuses a response that is too large, and takes the largest', async () => {
    for (const [bytes, status, kind] of [
      [LARGEST_RESPONSE_BYTES, 202, 'response'],
      [LARGEST_RESPONSE_BYTES + 1, 413, 'oversize'],
    ] as const) {
      const answered = api.invoke(REQUEST);
      await call('/invocation/next');
      expect(
        (await post('/invocation/request-1/response', 'x'.repeat(bytes)))
          .status,
      ).toBe(status);
      expect((await answered).kind).toBe(kind);
    }
  });

  it('refuses what Lambda refuses', async () => {
    expect((await call('/nothing')).status).toBe(404);
    expect((await post('/invocation/next', '')).status).toBe(404);
    expect((await post('/invocation/request-1/response', '1')).status).toBe(
      400,
    );
    const answered = api.invoke(REQUEST);
    expect((await post('/invocation/request-1/response', '1')).status).toBe(
      400,
    );
    await call('/invocation/next');
    expect((await call('/invocation/next')).status).toBe(403);
    const refused = await post('/invocation/request-2/response', '1');
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      errorMessage: 'Invalid request ID',
      errorType: 'InvalidRequestID',
    });
    expect(() => api.invoke(REQUEST)).toThrow('one invocation at a time');
    await post('/invocation/request-1/response', '2');
    expect(await answered).toMatchObject({ body: Buffer.from('2') });
    expect((await post('/invocation/request-1/response', '3')).status).toBe(
      400,
    );
  });

  it('forgets a poll whose client went away', async () => {
    const controller = new AbortController();
    const polled = call('/invocation/next', { signal: controller.signal });
    await api.initialised;
    controller.abort();
    await expect(polled).rejects.toThrow();
    await delay(50);
    const answered = api.invoke(REQUEST);
    const again = await call('/invocation/next');
    expect(again.status).toBe(200);
    await post('/invocation/request-1/response', '1');
    expect((await answered).kind).toBe('response');
  });
});
