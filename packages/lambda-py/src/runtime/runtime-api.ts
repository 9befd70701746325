import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LARGEST_RESPONSE_BYTES } from './lambda-limits';
import {
  accept,
  readBody,
  readReportedError,
  refuse,
} from './runtime-api-http';
import type {
  InitAnswer,
  RuntimeAnswer,
  RuntimeRequest,
} from './runtime-api-messages';

// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html. Statuses and error types of refusals are those of
// internal/lambda/rapi in github.com/aws/aws-lambda-runtime-interface-emulator.
const BASE = '/2018-06-01/runtime';
const NEXT = `${BASE}/invocation/next`;
const INIT_ERROR = `${BASE}/init/error`;
const ANSWER = new RegExp(`^${BASE}/invocation/([^/]+)/(response|error)$`);

interface Invocation {
  readonly request: RuntimeRequest;
  readonly settle: (answer: RuntimeAnswer) => void;
  handedOverAt: number;
}

/** The server that a runtime client gets its events from: Lambda's Runtime API, on the loopback interface alone. */
export class RuntimeApi {
  /** Settles once, at the first `/next` or at `/init/error`; never rejects. */
  readonly initialised: Promise<InitAnswer>;
  private settleInit: (answer: InitAnswer) => void = () => undefined;
  private isInitialised = false;
  private poll: ServerResponse | undefined;
  private invocation: Invocation | undefined;

  private constructor(private readonly server: Server) {
    this.initialised = new Promise((resolve) => {
      this.settleInit = resolve;
    });
    server.on('request', (request, response) => {
      // A function that dies in the middle of a request is seen by its exit, not here.
      this.route(request, response).catch(() => response.destroy());
    });
  }

  /**
   * Starts the server on a free port.
   *
   * @returns the server, listening
   */
  static start(): Promise<RuntimeApi> {
    // A poll may wait for as long as a warm function is kept, so no connection is ever idle for too long.
    const server = createServer({
      keepAliveTimeout: 0,
      requestTimeout: 0,
      // awslambdaric posts an exception's cause for X-Ray in a header, of less than 1 MiB.
      maxHeaderSize: 2 * 1024 * 1024,
    });
    const api = new RuntimeApi(server);
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        resolve(api);
      });
    });
  }

  /** What `AWS_LAMBDA_RUNTIME_API` must be: host and port. */
  get address(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `${address}:${port}`;
  }

  /**
   * Hands one event to the function, as soon as it asks for one.
   *
   * @param request - the event and what goes with it
   * @returns the function's answer; pending for ever when the function dies first
   */
  invoke(request: RuntimeRequest): Promise<RuntimeAnswer> {
    if (this.invocation !== undefined) {
      throw new Error('an execution environment runs one invocation at a time');
    }
    return new Promise((settle) => {
      this.invocation = { request, settle, handedOverAt: 0 };
      this.handOver();
    });
  }

  /** Stops the server and closes all its connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
      this.server.closeAllConnections();
    });
  }

  private async route(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === NEXT && request.method === 'GET') {
      this.acceptPoll(response);
      return;
    }
    const [, requestId, kind] = ANSWER.exec(pathname) ?? [];
    if (requestId !== undefined && request.method === 'POST') {
      await this.acceptAnswer(requestId, kind === 'error', request, response);
      return;
    }
    if (pathname === INIT_ERROR && request.method === 'POST') {
      await this.acceptInitError(request, response);
      return;
    }
    request.resume();
    refuse(response, 404, 'NotFound', `${request.method} ${pathname}`);
  }

  private acceptPoll(response: ServerResponse): void {
    if (this.invocation !== undefined && this.invocation.handedOverAt > 0) {
      refuse(
        response,
        403,
        'InvalidStateTransition',
        'the last event has no answer yet',
      );
      return;
    }
    this.poll?.destroy();
    this.poll = response;
    response.once('close', () => {
      if (this.poll === response) this.poll = undefined;
    });
    this.endInit({ kind: 'ready' });
    this.handOver();
  }

  private handOver(): void {
    const { poll, invocation } = this;
    if (poll === undefined || invocation === undefined) return;
    const { request } = invocation;
    this.poll = undefined;
    invocation.handedOverAt = performance.now();
    poll.writeHead(200, {
      'Lambda-Runtime-Aws-Request-Id': request.requestId,
      'Lambda-Runtime-Deadline-Ms': String(request.deadlineMs),
      'Lambda-Runtime-Invoked-Function-Arn': request.functionArn,
      'Lambda-Runtime-Trace-Id': request.traceId,
      ...(request.clientContext === undefined
        ? {}
        : { 'Lambda-Runtime-Client-Context': request.clientContext }),
      // Without a content type awslambdaric 4.2.2 ends in a segmentation fault.
      'Content-Type': 'application/json',
      'Content-Length': request.event.length,
    });
    poll.end(request.event);
  }

  private async acceptAnswer(
    requestId: string,
    isError: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request, LARGEST_RESPONSE_BYTES);
    const { invocation } = this;
    if (
      invocation?.request.requestId !== requestId ||
      invocation.handedOverAt === 0
    ) {
      refuse(response, 400, 'InvalidRequestID', 'Invalid request ID');
      return;
    }
    this.invocation = undefined;
    const times = {
      handedOverAt: invocation.handedOverAt,
      answeredAt: performance.now(),
    };
    if (body.content === undefined) {
      invocation.settle({ ...times, kind: 'oversize', bytes: body.bytes });
      refuse(
        response,
        413,
        'RequestEntityTooLarge',
        `Exceeded maximum allowed payload size (${LARGEST_RESPONSE_BYTES} bytes).`,
      );
      return;
    }
    invocation.settle({
      ...times,
      ...(isError
        ? readReportedError(request, body.content)
        : {
            kind: 'response',
            body: body.content,
            contentType: request.headers['content-type'] ?? 'application/json',
          }),
    });
    accept(response);
  }

  private async acceptInitError(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await readBody(request, LARGEST_RESPONSE_BYTES);
    if (this.isInitialised) {
      refuse(
        response,
        403,
        'InvalidStateTransition',
        'the initialisation has ended',
      );
      return;
    }
    this.endInit(readReportedError(request, body.content ?? Buffer.alloc(0)));
    accept(response);
  }

  private endInit(answer: InitAnswer): void {
    this.isInitialised = true;
    this.settleInit(answer);
  }
}
