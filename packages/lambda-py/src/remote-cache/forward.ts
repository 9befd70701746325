import { request as requestByHttp } from 'node:http';
import { request as requestByHttps } from 'node:https';

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
 * @param forwarded - what is sent
 * @param limits - how long it may take
 * @returns the answer, of any status
 * @throws an error that says why there is none
 */
export function forward(
  { method, url, headers, body }: Forwarded,
  limits: Limits,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestByHttps : requestByHttp;
    const request = send(url, {
      method,
      headers: { ...headers, 'content-length': body.length },
      timeout: limits.idleMs,
    });
    const giveUp = (ms: number): void => {
      request.destroy(new Error(`no answer within ${ms / 1000} s`));
    };
    const whole = setTimeout(() => {
      giveUp(limits.wholeMs);
    }, limits.wholeMs);
    // The socket's own limit begins with the connection only.
    const first = setTimeout(() => {
      giveUp(limits.idleMs);
    }, limits.idleMs);
    const fail = (error: Error): void => {
      clearTimeout(whole);
      clearTimeout(first);
      reject(error);
    };
    request.once('timeout', () => {
      giveUp(limits.idleMs);
    });
    request.once('error', fail);
    request.once('response', (response) => {
      clearTimeout(first);
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      // Of an answer that is cut off, too.
      response.once('error', fail);
      response.once('end', () => {
        clearTimeout(whole);
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks),
        });
      });
    });
    request.end(body);
  });
}
