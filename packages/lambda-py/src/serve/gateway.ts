import { LARGEST_EVENT_BYTES } from '../runtime/lambda-limits';

/** The kinds of API Gateway that invoke a function: a REST API, and an HTTP API. */
export type GatewayKind = 'rest' | 'http';

/**
 * The formats of a gateway's events: a REST API knows 1.0 alone, an HTTP API both.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const PAYLOAD_FORMATS = ['1.0', '2.0'] as const;

/** One of {@link PAYLOAD_FORMATS}. */
export type PayloadFormat = (typeof PAYLOAD_FORMATS)[number];

/** The gateway in front of a function. */
export interface Gateway {
  readonly kind: GatewayKind;
  readonly payloadFormat: PayloadFormat;
  /** The stage that events name: `$default` stands for no part of the path. */
  readonly stage: string;
  /** Of a REST API: the media types whose bodies are bytes, such as `image/*`; every other body is text. */
  readonly binaryMediaTypes: readonly string[];
  /** How long the gateway waits for the function, in ms. */
  readonly integrationTimeoutMs: number;
}

/**
 * How long a gateway waits for a function by default, in ms. An HTTP API waits for no longer; a REST API that is not
 * edge-optimised can be given more.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
export const INTEGRATION_TIMEOUT_MS: Readonly<Record<GatewayKind, number>> = {
  rest: 29_000,
  http: 30_000,
};

/** The stage that events of a gateway name here. */
export const STAGE: Readonly<Record<GatewayKind, string>> = {
  rest: 'local',
  http: '$default',
};

/**
 * The largest body that a gateway takes, in bytes: "Payload size, 10 MB".
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
 */
export const LARGEST_BODY_BYTES = 10 * 1024 * 1024;

/** The largest event that the function is given, in bytes: a body that is encoded as base64 is a third larger. */
export const LARGEST_INVOCATION_BYTES = LARGEST_EVENT_BYTES;

/** A request as it came over the wire. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query, as the client sent them: `/a%20b?c=d`. */
  readonly target: string;
  /** In the client's order and spelling; a name may come more than once. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly sourceIp: string;
  /** The port that the client called. */
  readonly port: number;
  /** `HTTP/1.1` */
  readonly protocol: string;
}

/** What a client gets. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** What goes into an event besides the request. */
export interface EventContext {
  readonly gateway: Gateway;
  readonly requestId: string;
  /** The X-Ray header. */
  readonly traceId: string;
  readonly time: Date;
}
