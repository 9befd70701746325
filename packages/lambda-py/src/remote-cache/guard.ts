import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '../workspace/errors';
import { forward } from './forward';
import type { Answer, Limits } from './forward';
import { startPatience } from './patience';

/** A server on this machine between Nx and a remote cache, which lets no trouble of the latter reach the former. */
export interface Guard {
  /** What Nx takes for the remote cache. */
  readonly url: string;
  /** Begins a run: the remote cache is asked again, whatever happened before. */
  readonly reset: () => void;
  /** What went wrong since {@link Guard.reset}; none where nothing did. */
  readonly trouble: () => string | undefined;
  /** Ends the server. */
  readonly close: () => void;
}

// https://nx.dev/docs/kb/self-hosted-caching: of all statuses, Nx goes on after these alone.
const FOUND = 200;
const MISSING = 404;
const STORED = 200;
const FORBIDDEN = 403;
const IS_THERE_ALREADY = 409;

/**
 * Starts a guard.
 *
 * Nx fails the run when a remote cache cannot be reached, answers with 500, or with 201 or 204 for what was stored; and it
 * waits without end for one that does not answer. The guard gives Nx an answer it goes on with, and after a first failure
 * leaves the remote cache alone until the next run. One that is only slow is left alone once the run's patience is at its end.
 * So it costs one time limit, whatever the number of tasks.
 *
 * @param server - the remote cache
 * @param limits - how long it may take
 * @returns the guard
 */
export async function startGuard(server: URL, limits: Limits): Promise<Guard> {
  let trouble: string | undefined;
  let patience = startPatience(limits.idleMs);
  const forwardUnlessTroubled = async (
    request: IncomingMessage,
    body: Buffer,
  ): Promise<Answer | undefined> => {
    if (trouble !== undefined) return undefined;
    try {
      const answer = await forward(
        {
          method: request.method ?? '',
          url: new URL(
            `${server.pathname.replace(/\/$/, '')}${request.url ?? ''}`,
            server,
          ),
          headers: headersOf(request),
          body,
        },
        limits,
        patience,
      );
      if (answer.status === 401 || answer.status >= 500) {
        trouble ??= `it answered with status ${answer.status}`;
      }
      return answer;
    } catch (error) {
      trouble ??= messageOf(error);
      return undefined;
    }
  };
  const guard = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      void forwardUnlessTroubled(request, Buffer.concat(chunks)).then(
        (answer) => {
          const isRead = request.method === 'GET';
          const { status, body } = isRead
            ? answerToRead(answer)
            : answerToWrite(answer);
          response.writeHead(status, {
            'content-type': isRead ? 'application/octet-stream' : 'text/plain',
            'content-length': body.length,
          });
          response.end(body);
        },
      );
    });
  });
  await listen(guard);
  return {
    url: `http://127.0.0.1:${(guard.address() as AddressInfo).port}`,
    reset: () => {
      trouble = undefined;
      patience = startPatience(limits.idleMs);
    },
    trouble: () => trouble,
    close: () => {
      guard.close();
      guard.closeAllConnections();
    },
  };
}

const NOTHING = Buffer.alloc(0);

/** A reader without access has nothing, which is for Nx to do its own work. */
function answerToRead(answer: Answer | undefined): Answer {
  return answer?.status === FOUND ? answer : { status: MISSING, body: NOTHING };
}

/** nginx answers 201 to a new file and 204 to one that was there. */
function answerToWrite(answer: Answer | undefined): Answer {
  const status = answer?.status ?? FORBIDDEN;
  if (status >= 200 && status < 300) return { status: STORED, body: NOTHING };
  return {
    status: status === IS_THERE_ALREADY ? IS_THERE_ALREADY : FORBIDDEN,
    body: NOTHING,
  };
}

/** The guard holds no token: who has none of the remote cache's gets nothing through it either. */
function headersOf(request: IncomingMessage): Record<string, string> {
  const { authorization, 'content-type': type } = request.headers;
  return {
    ...(authorization === undefined ? {} : { authorization }),
    ...(type === undefined ? {} : { 'content-type': type }),
  };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      // Nx ends when it is done.
      server.unref();
      resolve();
    });
  });
}
