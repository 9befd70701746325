import { createServer, request as send } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { operationOf } from '../../../packages/lambda-py/src/deployment/testing/aws-operation';
import { refuseInProtocol } from './fault-answers';
import type { RawAnswer, Refusal } from './fault-answers';

/** What goes wrong with a request: before it reaches AWS, or `after` AWS has done it all. */
export type Fault =
  | 'throttle'
  | 'error 500'
  | 'error 500 after'
  | 'drop'
  | 'drop after'
  | 'hang'
  | 'hang after'
  | 'expired credentials'
  | 'stale revision';

/** Decides what goes wrong with a request, given the number of its step, from 0. */
export type Decision = (
  step: number,
) => Fault | undefined | Promise<Fault | undefined>;

/**
 * A proxy before an emulator of AWS, which loses, delays and refuses what it is told to.
 *
 * It is node:http alone: what it needs (hold a request, do it, and lose the answer) is what a proxy library is made to avoid.
 */
export class FaultProxy {
  /** The operations that were asked for, in order: one that is asked for again and again, as in waiting, is one step. */
  readonly steps: string[] = [];
  /** How many requests a fault has met. */
  faults = 0;
  decide: Decision = () => undefined;
  private readonly server: Server;

  private constructor(private readonly upstream: string) {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => request.socket.destroy());
    });
  }

  /** Starts a proxy on a free port of the loopback interface. */
  static async start(upstream: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(upstream);
    await new Promise<void>((resolve) => {
      proxy.server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async handle(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    const operation = operationOf(request, body);
    if (this.steps.at(-1) !== operation) this.steps.push(operation);
    const fault = await this.decide(this.steps.length - 1);
    if (fault !== undefined) this.faults += 1;
    const isDone = fault === undefined || fault.endsWith(' after');
    const answer = isDone ? await this.forward(request, body) : undefined;
    switch (fault) {
      case 'drop':
      case 'drop after':
        request.socket.destroy();
        return;
      case 'hang':
      case 'hang after':
        return;
      default:
    }
    const {
      status,
      headers,
      body: content,
    } = fault === undefined && answer !== undefined
      ? answer
      : refuseInProtocol(request.headers, refusalOf(fault, operation));
    response.writeHead(status, headers).end(content);
  }

  private forward(request: IncomingMessage, body: Buffer): Promise<RawAnswer> {
    const { method, headers, url = '/' } = request;
    return new Promise((resolve, reject) => {
      send(new URL(url, this.upstream), { method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const { 'transfer-encoding': _, ...kept } = answer.headers;
          const content = Buffer.concat(chunks);
          resolve({
            status: answer.statusCode ?? 502,
            headers: { ...kept, 'content-length': content.length },
            body: content,
          });
        });
      })
        .on('error', reject)
        .end(body);
    });
  }
}

/** Services of the query protocol have names of their own for the same thing. */
function refusalOf(fault: Fault | undefined, operation: string): Refusal {
  const isLambda = !['GetCallerIdentity', 'DescribeStacks'].includes(operation);
  switch (fault) {
    case 'throttle':
      return operation === 'DescribeAlarms'
        ? { status: 400, type: 'ThrottlingException' }
        : isLambda
          ? { status: 429, type: 'TooManyRequestsException' }
          : { status: 400, type: 'Throttling' };
    case 'expired credentials':
      return {
        status: 403,
        type: isLambda ? 'ExpiredTokenException' : 'ExpiredToken',
      };
    case 'stale revision':
      return { status: 412, type: 'PreconditionFailedException' };
    default:
      return {
        status: 500,
        type: isLambda ? 'ServiceException' : 'InternalFailure',
      };
  }
}
