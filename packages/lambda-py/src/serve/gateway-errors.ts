import type { GatewayKind, HttpAnswer } from './gateway';

/**
 * What a gateway answers in place of the function.
 *
 * - `function`: the function failed, or its timeout ran out, or its response is malformed.
 * - `timeout`: it took longer than the gateway waits.
 * - `too-large`: the request has more bytes than the gateway takes.
 * - `event-too-large`: the request makes an event that Lambda does not take.
 */
export type GatewayError =
  'function' | 'timeout' | 'too-large' | 'event-too-large';

interface GatewayErrorResponse {
  readonly status: number;
  readonly message: string;
  readonly type: string;
}

// REST APIs: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html and
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html; HTTP APIs:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html. The words, and the
// header with the type, are those that Amazon's own emulator compares with the gateways:
// https://github.com/aws/aws-lambda-dotnet/tree/master/Tools/LambdaTestTool-v2
const ERRORS: Readonly<
  Record<GatewayKind, Readonly<Record<GatewayError, GatewayErrorResponse>>>
> = {
  rest: {
    function: {
      status: 502,
      message: 'Internal server error',
      type: 'InternalServerErrorException',
    },
    timeout: {
      status: 504,
      message: 'Endpoint request timed out',
      type: 'InternalServerErrorException',
    },
    'too-large': {
      status: 413,
      message: 'HTTP content length exceeded 10485760 bytes.',
      type: 'RequestTooLargeException',
    },
    'event-too-large': {
      status: 413,
      message: 'Request Too Long',
      type: 'RequestTooLargeException',
    },
  },
  http: {
    function: { status: 500, message: 'Internal Server Error', type: '' },
    timeout: { status: 503, message: 'Service Unavailable', type: '' },
    'too-large': { status: 413, message: 'Request Entity Too Large', type: '' },
    'event-too-large': {
      status: 413,
      message: 'Request Entity Too Large',
      type: '',
    },
  },
};

/**
 * Answers in place of the function.
 *
 * @param kind - the gateway
 * @param error - what went wrong
 * @returns the answer that the gateway gives
 */
export function answerOfError(
  kind: GatewayKind,
  error: GatewayError,
): HttpAnswer {
  const { status, message, type } = ERRORS[kind][error];
  return {
    status,
    headers: [
      ['content-type', 'application/json'],
      ...(type === '' ? [] : [['x-amzn-errortype', type] as const]),
    ],
    body: Buffer.from(
      // A REST API writes a space where an HTTP API does not.
      kind === 'rest'
        ? `{"message": "${message}"}`
        : JSON.stringify({ message }),
    ),
  };
}
