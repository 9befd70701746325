import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { operationOf } from './aws-operation';
import { LambdaFault } from './fake-function';
import type { FakeFunction } from './fake-function';

/**
 * What goes wrong with a request: before AWS has done anything, or when it has done everything and its answer gets lost.
 */
export type Fault =
  | 'throttle'
  | 'error 500'
  | 'error 500 after'
  | 'drop'
  | 'drop after'
  | 'hang'
  | 'hang after'
  | 'expired credentials'
  /** As S3 says it. */
  | 'forbidden';

/** A request as it came. */
export interface SeenRequest {
  /** `UpdateAlias`, for instance. */
  readonly operation: string;
}

/** AWS on the loopback interface: Lambda for one function, CloudWatch's alarms, STS and S3. */
export class FakeAws {
  readonly requests: SeenRequest[] = [];
  readonly objects = new Map<string, Buffer>();
  readonly alarms = new Map<string, string>();
  /** The output FunctionName of each stack by its name. */
  readonly stacks = new Map<string, string>();
  account = '123456789012';
  /** Decides what goes wrong; called for every request with its number, from 0. */
  fault: (request: SeenRequest, number: number) => Fault | undefined = () =>
    undefined;
  private readonly server: Server;

  constructor(readonly lambda: FakeFunction) {
    this.server = createServer((request, response) => {
      void this.handle(request, response);
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.server.listen(0, '127.0.0.1', resolve);
    });
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
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        chunks.push(chunk);
      }
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const operation = operationOf(request, body);
    const seen = { operation };
    const fault = this.fault(seen, this.requests.length);
    this.requests.push(seen);
    switch (fault) {
      case 'throttle':
        this.refuse(response, 429, 'TooManyRequestsException');
        return;
      case 'expired credentials':
        this.refuse(response, 403, 'ExpiredTokenException');
        return;
      case 'forbidden':
        response.writeHead(403, { 'Content-Type': 'application/xml' });
        // An answer to HEAD has no body.
        response.end(
          request.method === 'HEAD'
            ? undefined
            : '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>',
        );
        return;
      case 'error 500':
        this.refuse(response, 500, 'ServiceException');
        return;
      case 'drop':
        request.socket.destroy();
        return;
      case 'hang':
        return;
      default:
    }
    const answer = this.answer(operation, request, body);
    if (fault === 'drop after') request.socket.destroy();
    if (fault === 'error 500 after') {
      this.refuse(response, 500, 'ServiceException');
    }
    if (fault === undefined) answer(response);
  }

  /** Does what is asked for, and returns what sends the answer. */
  private answer(
    operation: string,
    request: IncomingMessage,
    body: Buffer,
  ): (response: ServerResponse) => void {
    try {
      return this.answerOrThrow(operation, request, body);
    } catch (error) {
      if (!(error instanceof LambdaFault)) throw error;
      return (response) => {
        this.refuse(response, error.status, error.type);
      };
    }
  }

  private answerOrThrow(
    operation: string,
    request: IncomingMessage,
    body: Buffer,
  ): (response: ServerResponse) => void {
    const { lambda } = this;
    const url = new URL(request.url ?? '', 'http://aws');
    const qualifier = url.searchParams.get('Qualifier') ?? undefined;
    const input = (): Readonly<Record<string, never>> =>
      body.length === 0
        ? {}
        : (JSON.parse(body.toString()) as Readonly<Record<string, never>>);
    const json =
      (value: object, status = 200) =>
      (response: ServerResponse): void => {
        response.writeHead(status, { 'Content-Type': 'application/json' });
        response.end(JSON.stringify(value));
      };
    switch (operation) {
      case 'GetFunctionConfiguration':
        return json(lambda.configuration(qualifier));
      case 'UpdateFunctionCode': {
        const { ZipFile, S3Bucket, S3Key, RevisionId } = input() as {
          readonly ZipFile?: string;
          readonly S3Bucket?: string;
          readonly S3Key?: string;
          readonly RevisionId?: string;
        };
        const zip =
          ZipFile === undefined
            ? this.objects.get(`/${S3Bucket ?? ''}/${S3Key ?? ''}`)
            : Buffer.from(ZipFile, 'base64');
        if (zip === undefined) {
          throw new LambdaFault(400, 'InvalidParameterValueException');
        }
        return json(lambda.updateCode(zip, RevisionId));
      }
      case 'PublishVersion':
        return json(lambda.publishVersion(input()), 201);
      case 'ListVersionsByFunction':
        return json(lambda.listVersions());
      case 'GetAlias':
        return json(lambda.readAlias());
      case 'CreateAlias':
        return json(lambda.createAlias(input()), 201);
      case 'UpdateAlias':
        return json(lambda.updateAlias(input()));
      case 'Invoke':
        return this.invoke(qualifier ?? '$LATEST');
      case 'GetCallerIdentity':
        return (response) => {
          response.writeHead(200, { 'Content-Type': 'text/xml' });
          response.end(
            `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${this.account}:user/ada</Arn><UserId>u</UserId><Account>${this.account}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
          );
        };
      case 'DescribeStacks': {
        const name = new URLSearchParams(body.toString()).get('StackName');
        const functionName = this.stacks.get(name ?? '');
        return (response) => {
          response.writeHead(functionName === undefined ? 400 : 200, {
            'Content-Type': 'text/xml',
          });
          response.end(
            functionName === undefined
              ? `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name ?? ''} does not exist</Message></Error></ErrorResponse>`
              : `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>${name ?? ''}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><Outputs><member><OutputKey>FunctionName</OutputKey><OutputValue>${functionName}</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
          );
        };
      }
      case 'DescribeAlarms':
        return this.describeAlarms(request, body);
      case 'HeadObject': {
        const object = this.objects.get(url.pathname);
        return (response) => {
          response.writeHead(object === undefined ? 404 : 200, {
            'Content-Length': object?.length ?? 0,
          });
          response.end();
        };
      }
      case 'PutObject':
        this.objects.set(url.pathname, contentOf(request, body));
        return (response) => {
          response.writeHead(200);
          response.end();
        };
      default:
        throw new LambdaFault(400, 'UnknownOperationException');
    }
  }

  private invoke(qualifier: string): (response: ServerResponse) => void {
    let answer: unknown;
    let functionError: string | undefined;
    try {
      answer = this.lambda.invoke(qualifier);
    } catch (error) {
      if (error instanceof LambdaFault) throw error;
      functionError = 'Unhandled';
      answer = { errorType: 'RuntimeError', errorMessage: 'broken' };
    }
    return (response) => {
      response.writeHead(200, {
        ...(functionError === undefined
          ? {}
          : { 'X-Amz-Function-Error': functionError }),
      });
      response.end(JSON.stringify(answer));
    };
  }

  private describeAlarms(
    _request: IncomingMessage,
    _body: Buffer,
  ): (response: ServerResponse) => void {
    const MetricAlarms = [...this.alarms].map(([AlarmName, StateValue]) => ({
      AlarmName,
      StateValue,
    }));
    return (response) => {
      response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ MetricAlarms, CompositeAlarms: [] }));
    };
  }

  private refuse(response: ServerResponse, status: number, type: string): void {
    response.writeHead(status, {
      'Content-Type': 'application/json',
      'x-amzn-ErrorType': type,
    });
    response.end(JSON.stringify({ Type: 'User', message: type, __type: type }));
  }
}

/** S3's clients may send a body in signed chunks. */
function contentOf(request: IncomingMessage, body: Buffer): Buffer {
  if (!String(request.headers['content-encoding']).includes('aws-chunked')) {
    return body;
  }
  const parts: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const end = body.indexOf('\r\n', offset);
    const size = Number.parseInt(body.toString('latin1', offset, end), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    offset = end + 2 + size + 2;
  }
}
