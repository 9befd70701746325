import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { forward } from './forward';
import { startPatience } from './patience';

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** A cache server, and how it is asked. */
async function serve(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  limits = { idleMs: 600, wholeMs: 30_000 },
) {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const patience = startPatience(limits.idleMs);
  return (method: 'GET' | 'PUT', body = Buffer.alloc(0)) =>
    forward(
      {
        method,
        url: new URL(`http://127.0.0.1:${port}/v1/cache/1`),
        headers: {},
        body,
      },
      limits,
      patience,
    );
}

describe('forward', () => {
  it('lets a large body take its time while it gets further', async () => {
    let received = 0;
    const ask = await serve((request, response) => {
      // About 20 MB a second.
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        request.pause();
        setTimeout(() => request.resume(), 3);
      });
      request.once('end', () => response.end());
    });
    const start = performance.now();
    const { status } = await ask('PUT', Buffer.alloc(48 * 1024 ** 2));

    expect(status).toBe(200);
    expect(received).toBe(48 * 1024 ** 2);
    expect(performance.now() - start).toBeGreaterThan(600);
  });

  it('gives up a body that gets no further, and an answer to one that was sent', async () => {
    const limits = { idleMs: 300, wholeMs: 30_000 };
    const stuck = await serve((request) => request.pause(), limits);
    const silent = await serve((request) => request.resume(), limits);

    await expect(stuck('PUT', Buffer.alloc(48 * 1024 ** 2))).rejects.toThrow(
      'no answer within 0.3 s',
    );
    await expect(silent('PUT', Buffer.from('small'))).rejects.toThrow(
      'no answer within 0.3 s',
    );
  });

  it('takes the answer to a body that the server did not want to read', async () => {
    const ask = await serve((request, response) => {
      request.pause();
      response.writeHead(403).end('no');
      setTimeout(() => request.resume(), 50);
    });

    expect(await ask('PUT', Buffer.alloc(16 * 1024 ** 2))).toMatchObject({
      status: 403,
      body: Buffer.from('no'),
    });
  });

  it.each(['GET', 'PUT'] as const)(
    'asks once more (%s) where a kept connection was closed meanwhile',
    async (method) => {
      const sockets = new Map<Socket, number>();
      const ask = await serve(({ socket }, response) => {
        const asked = (sockets.get(socket) ?? 0) + 1;
        sockets.set(socket, asked);
        if (asked > 1) socket.destroy();
        else response.end('found');
      });

      for (const _ of [1, 2, 3]) {
        expect(await ask(method)).toMatchObject({ status: 200 });
      }
      // The connection of the first request was tried, and one of its own taken.
      expect(Math.max(...sockets.values())).toBe(2);
    },
  );

  it('does not ask again where a new connection is closed', async () => {
    let asked = 0;
    const ask = await serve(({ socket }) => {
      asked += 1;
      socket.destroy();
    });

    await expect(ask('GET')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(asked).toBe(1);
  });
});
