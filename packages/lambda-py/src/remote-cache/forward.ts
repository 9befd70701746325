import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';
import type { Patience } from './patience';

/** How a cache server answered. */
export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** What is sent to a cache server. */
export interface Forwarded {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** How long a cache server may take, in ms. */
export interface Limits {
  /** Without a byte from it. */
  readonly idleMs: number;
  /** For a whole answer. */
  readonly wholeMs: number;
}

/**
 * Sends a request and waits for the whole answer: Nx fails a run when an answer ends in its midst.
 *
 * Connections are kept for the next request, which spares a handshake for each task. One that the server has closed
 * meanwhile is no failure of the server: the request is sent once more, by a connection of its own. An entry is never
 * replaced by another, so whether it arrived the first time makes no difference.
 *
 * @param forwarded - what is sent
 * @param limits - how long it may take
 * @param patience - how long all requests of the run may take
 * @returns the answer, of any status
 * @throws an error that says why there is none
 */
export async function forward(
  forwarded: Forwarded,
  limits: Limits,
  patience: Patience,
): Promise<Answer> {
  try {
    return await send(forwarded, limits, patience);
  } catch (error) {
    if (!(error instanceof ClosedConnection)) throw error;
    return send(forwarded, limits, patience, false);
  }
}

/** A connection that was kept from an earlier request, and that the server has closed. */
class ClosedConnection extends Error {}

function send(
  { method, url, headers, body }: Forwarded,
  limits: Limits,
  patience: Patience,
  agent?: false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const start = url.protocol === 'https:' ? requestByHttps : requestByHttp;
    const request = start(url, {
      method,
      headers: { ...headers, 'content-length': body.length },
      timeout: limits.idleMs,
      ...(agent === undefined ? {} : { agent }),
    });
    const giveUp = (ms: number): void => {
      request.destroy(new Error(`no answer within ${ms / 1000} s`));
    };
    const whole = setTimeout(giveUp, limits.wholeMs, limits.wholeMs);
    // The socket's own limit begins with the connection, and ends a body that gets no further.
    let first = setTimeout(giveUp, limits.idleMs, limits.idleMs);
    const wait = patience.wait((reason) => request.destroy(reason));
    const stopWaiting = (): void => {
      clearTimeout(whole);
      clearTimeout(first);
      wait.end();
    };
    const fail = (error: NodeJS.ErrnoException): void => {
      stopWaiting();
      const isClosed = request.reusedSocket && CLOSED.has(error.code);
      reject(isClosed ? new ClosedConnection() : error);
    };
    const startSending = (): void => {
      clearTimeout(first);
      wait.pause();
    };
    request.once('socket', (socket) => {
      if (socket.connecting) socket.once('connect', startSending);
      else startSending();
    });
    let isAnswered = false;
    request.once('finish', () => {
      // A server may refuse a body before it has read it.
      if (isAnswered) return;
      clearTimeout(first);
      first = setTimeout(giveUp, limits.idleMs, limits.idleMs);
      wait.goOn();
    });
    request.once('timeout', () => {
      giveUp(limits.idleMs);
    });
    request.once('error', fail);
    request.once('response', (response) => {
      isAnswered = true;
      clearTimeout(first);
      wait.goOn();
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        wait.goOn();
        chunks.push(chunk);
      });
      // Of an answer that is cut off, too.
      response.once('error', (error) => {
        stopWaiting();
        reject(error);
      });
      response.once('end', () => {
        stopWaiting();
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks),
        });
      });
    });
    request.end(body);
  });
}

// https://nodejs.org/api/http.html#requestreusedsocket
const CLOSED: ReadonlySet<string | undefined> = new Set([
  'ECONNRESET',
  'EPIPE',
]);
