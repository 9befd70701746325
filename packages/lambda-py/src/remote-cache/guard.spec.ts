import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startGuard } from './guard';
import type { Guard } from './guard';

const LIMITS = { idleMs: 300, wholeMs: 1000 };
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A remote cache, and a guard before it. */
async function guarded(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  path = '',
) {
  const seen: string[] = [];
  const server: Server = createServer((request, response) => {
    const { authorization = '' } = request.headers;
    seen.push(`${request.method ?? ''} ${request.url ?? ''} ${authorization}`);
    request.resume();
    request.once('end', () => {
      handler(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const guard = await startGuard(
    new URL(`http://127.0.0.1:${port}${path}`),
    LIMITS,
  );
  open.push(guard.close, () => {
    server.closeAllConnections();
    server.close();
  });
  return { guard, seen };
}

async function ask(guard: Guard, method: 'GET' | 'PUT', hash = '1') {
  const response = await fetch(`${guard.url}/v1/cache/${hash}`, {
    method,
    headers: { authorization: 'Bearer t' },
    ...(method === 'PUT' ? { body: 'content' } : {}),
  });
  return { status: response.status, text: await response.text() };
}

describe('the guard of a remote cache', () => {
  it('passes on what is asked for and what is found', async () => {
    const { guard, seen } = await guarded((_, response) => {
      response.end('found');
    }, '/nx/');

    expect(await ask(guard, 'GET')).toEqual({ status: 200, text: 'found' });
    expect(seen).toEqual(['GET /nx/v1/cache/1 Bearer t']);
    expect(guard.trouble()).toBeUndefined();
  });

  it.each([
    ['GET', 404, 404, false],
    ['GET', 403, 404, false],
    ['GET', 401, 404, true],
    ['GET', 500, 404, true],
    ['PUT', 200, 200, false],
    ['PUT', 201, 200, false],
    ['PUT', 204, 200, false],
    ['PUT', 403, 403, false],
    ['PUT', 409, 409, false],
    ['PUT', 413, 403, false],
    ['PUT', 401, 403, true],
    ['PUT', 503, 403, true],
  ] as const)(
    'answers %s with status %p by %p; trouble: %p',
    async (method, status, expected, isTrouble) => {
      const { guard } = await guarded((_, response) => {
        response.writeHead(status).end();
      });

      expect((await ask(guard, method)).status).toBe(expected);
      expect(guard.trouble() !== undefined).toBe(isTrouble);
    },
  );

  it.each([
    ['does not answer', () => undefined],
    [
      'stops in the midst of an answer',
      (_: unknown, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('half');
      },
    ],
    [
      'cuts the answer off',
      (_: unknown, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('half', () => response.destroy());
      },
    ],
    [
      'drips',
      (_: unknown, response: ServerResponse) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('.'), 50);
        response.once('close', () => {
          clearInterval(timer);
        });
      },
    ],
  ])('asks one that %s no more, until the next run', async (_, handler) => {
    const { guard, seen } = await guarded(handler);

    expect((await ask(guard, 'GET')).status).toBe(404);
    expect((await ask(guard, 'GET')).status).toBe(404);
    expect((await ask(guard, 'PUT')).status).toBe(403);
    expect(seen).toHaveLength(1);
    expect(guard.trouble()).toBeDefined();
    guard.reset();
    expect(guard.trouble()).toBeUndefined();
    await ask(guard, 'GET');
    expect(seen).toHaveLength(2);
  });

  it('leaves one alone that is slow with each answer, and tells of it', async () => {
    const { guard, seen } = await guarded((_, response) => {
      setTimeout(() => response.writeHead(404).end(), LIMITS.idleMs * 0.7);
    });
    const start = performance.now();
    for (let task = 0; task < 20; task += 1) await ask(guard, 'GET');

    expect(seen.length).toBeLessThan(4);
    expect(performance.now() - start).toBeLessThan(LIMITS.idleMs * 4);
    expect(guard.trouble()).toContain('it is slow');
    // The next run has its own patience.
    guard.reset();
    const before = seen.length;
    await ask(guard, 'GET');
    expect(seen).toHaveLength(before + 1);
    expect(guard.trouble()).toBeUndefined();
  });

  it('answers for one that is not there', async () => {
    const guard = await startGuard(new URL('http://127.0.0.1:9'), LIMITS);
    open.push(guard.close);

    expect((await ask(guard, 'GET')).status).toBe(404);
    expect((await ask(guard, 'PUT')).status).toBe(403);
    expect(guard.trouble()).toContain('ECONNREFUSED');
  });
});
