import { v } from '../workspace/validation';
import type { Gateway, HttpAnswer } from './gateway';
import { answerOfError } from './gateway-errors';
import {
  answerHeaders,
  parseResponse,
  responseOfFormat2,
  withContentType,
} from './response-fields';

/**
 * Makes a client's answer of a function's response in payload format 2.0. A response without a status code is the body of
 * a 200, as JSON and as it came.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.v2
 *
 * @param payload - the response
 * @param gateway - the gateway
 * @returns the answer; the gateway's own where the response is malformed
 */
export function answerOfFormat2(payload: Buffer, gateway: Gateway): HttpAnswer {
  const response = parseResponse(payload);
  if (!hasStatusCode(response)) {
    return {
      status: 200,
      headers: [['content-type', 'application/json']],
      body: payload,
    };
  }
  const malformed = answerOfError(gateway.kind, 'function');
  const parsed = v.safeParse(responseOfFormat2, response);
  if (!parsed.success) return malformed;
  const data = parsed.output;
  const headers = answerHeaders(
    [
      ...Object.entries(data.headers ?? {}),
      ...(data.cookies ?? []).map((cookie) => ['set-cookie', cookie] as const),
    ],
    false,
  );
  if (headers === undefined) return malformed;
  return {
    status: data.statusCode,
    headers: withContentType(headers, 'text/plain; charset=utf-8'),
    body: Buffer.from(
      data.body ?? '',
      data.isBase64Encoded === true ? 'base64' : 'utf8',
    ),
  };
}

function hasStatusCode(response: unknown): boolean {
  return (
    typeof response === 'object' &&
    response !== null &&
    Object.hasOwn(response, 'statusCode')
  );
}
