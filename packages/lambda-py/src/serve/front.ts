import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { makeTraceId } from '../runtime/function-environment';
import { readBody } from '../runtime/runtime-api-http';
import { LambdaPyError } from '../workspace/errors';
import type { Access } from './access-line';
import { answerOfFormat1 } from './answer-format-1';
import { answerOfFormat2 } from './answer-format-2';
import { eventOfFormat1 } from './event-format-1';
import { eventOfFormat2 } from './event-format-2';
import type { EnvironmentAnswer } from './execution-environment';
import { LARGEST_BODY_BYTES, LARGEST_INVOCATION_BYTES } from './gateway';
import type { EventContext, Gateway, HttpAnswer, HttpRequest } from './gateway';
import { answerOfError } from './gateway-errors';

/** What stands behind the front, and in front of it. */
export interface FrontOptions {
  readonly gateway: Gateway;
  /** 0 for a free one. */
  readonly port: number;
  /** Runs an event. */
  readonly invoke: (event: Buffer) => Promise<EnvironmentAnswer>;
  /** Told of every request that was answered. */
  readonly onAccess: (access: Access) => void;
  /** Told of what should not happen. */
  readonly onError: (error: unknown) => void;
}

/** An HTTP server that stands for API Gateway, on the loopback interface alone. */
export interface Front {
  readonly port: number;
  /** Stops it, and closes all its connections. */
  close(): Promise<void>;
}

/**
 * Starts the server.
 *
 * @param options - see {@link FrontOptions}
 * @returns the server, listening
 * @throws {@link LambdaPyError} when the port is taken, or this user may not use it
 */
export function startFront(options: FrontOptions): Promise<Front> {
  const server = createServer((request, response) => {
    respond(request, response, options).catch((error: unknown) => {
      // A client that goes away in the middle of its request is no error of ours.
      if (!request.complete || response.headersSent) {
        response.destroy();
        return;
      }
      options.onError(error);
      const { status, body } = answerOfError(options.gateway.kind, 'function');
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body);
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(explainListenError(error, options.port));
    });
    server.listen(options.port, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => closeServer(server),
      });
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

function explainListenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') return error;
  return new LambdaPyError(
    {
      location: '--port',
      problem:
        error.code === 'EACCES'
          ? 'this user may not listen on the port'
          : 'another process listens on the port',
      found: `127.0.0.1:${port}`,
      mend: 'pass another --port, or --port=0 for one that is free',
    },
    { cause: error },
  );
}

async function respond(
  incoming: IncomingMessage,
  response: ServerResponse,
  { gateway, invoke, onAccess }: FrontOptions,
): Promise<void> {
  const time = new Date();
  const startedAt = performance.now();
  const gatewayRequestId = randomUUID();
  const { answer, requestId } = await answerRequest(incoming, invoke, {
    gateway,
    time,
    requestId: gatewayRequestId,
    traceId: makeTraceId(time),
  });
  const bytes = write(answer, incoming.method === 'HEAD', response, [
    gateway.kind === 'rest' ? 'x-amzn-RequestId' : 'apigw-requestid',
    gatewayRequestId,
  ]);
  onAccess({
    time,
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    status: answer.status,
    bytes,
    durationMs: performance.now() - startedAt,
    ...(requestId === undefined ? {} : { requestId }),
  });
}

interface Answered {
  readonly answer: HttpAnswer;
  readonly requestId?: string;
}

async function answerRequest(
  incoming: IncomingMessage,
  invoke: FrontOptions['invoke'],
  context: EventContext,
): Promise<Answered> {
  const { gateway } = context;
  const { content } = await readBody(incoming, LARGEST_BODY_BYTES);
  if (content === undefined)
    return { answer: answerOfError(gateway.kind, 'too-large') };
  const request = describeRequest(incoming, content);
  const makeEvent =
    gateway.payloadFormat === '1.0' ? eventOfFormat1 : eventOfFormat2;
  const event = Buffer.from(JSON.stringify(makeEvent(request, context)));
  if (event.length > LARGEST_INVOCATION_BYTES)
    return { answer: answerOfError(gateway.kind, 'event-too-large') };
  const result = await withinTimeout(
    invoke(event),
    gateway.integrationTimeoutMs,
  );
  if (result === 'timeout')
    return { answer: answerOfError(gateway.kind, 'timeout') };
  const { payload, error, requestId } = result;
  if (error !== undefined)
    return { answer: answerOfError(gateway.kind, 'function'), requestId };
  return {
    requestId,
    answer:
      gateway.payloadFormat === '1.0'
        ? answerOfFormat1(payload, request, gateway)
        : answerOfFormat2(payload, gateway),
  };
}

/** The gateway stops waiting; the function goes on until its own timeout. */
async function withinTimeout<Result>(
  result: Promise<Result>,
  milliseconds: number,
): Promise<Result | 'timeout'> {
  const over = new AbortController();
  result.catch(() => undefined);
  const timeout = delay(milliseconds, 'timeout' as const, {
    signal: over.signal,
  });
  timeout.catch(() => undefined);
  try {
    return await Promise.race([result, timeout]);
  } finally {
    over.abort();
  }
}

function describeRequest(
  { method, url, rawHeaders, httpVersion, socket }: IncomingMessage,
  body: Buffer,
): HttpRequest {
  return {
    method: method ?? 'GET',
    target: url ?? '/',
    headers: Array.from({ length: rawHeaders.length / 2 }, (_, index) => [
      rawHeaders[2 * index] ?? '',
      rawHeaders[2 * index + 1] ?? '',
    ]),
    body,
    sourceIp: socket.remoteAddress ?? '127.0.0.1',
    port: socket.localPort ?? 0,
    protocol: `HTTP/${httpVersion}`,
  };
}

/** Writes an answer, and returns how many bytes its body has. */
function write(
  { status, headers, body }: HttpAnswer,
  isHead: boolean,
  response: ServerResponse,
  gatewayHeader: readonly [name: string, value: string],
): number {
  // RFC 9110, section 15: these have no content.
  const hasContent = status !== 204 && status !== 304;
  const [name, value] = gatewayHeader;
  response.statusCode = status;
  response.setHeader(name, value);
  for (const [header, one] of headers) response.appendHeader(header, one);
  if (hasContent) response.setHeader('content-length', body.length);
  response.end(hasContent && !isHead ? body : undefined);
  return hasContent && !isHead ? body.length : 0;
}
