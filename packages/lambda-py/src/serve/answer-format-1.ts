import { v } from '../workspace/validation';
import type { Gateway, HttpAnswer, HttpRequest } from './gateway';
import { answerOfError } from './gateway-errors';
import { matchesMediaType, mediaType } from './request-body';
import { headerOf } from './request-parts';
import {
  answerHeaders,
  parseResponse,
  responseOfFormat1,
  withContentType,
} from './response-fields';

const CONTENT_TYPE = {
  rest: 'application/json',
  http: 'text/plain; charset=utf-8',
};

/**
 * Makes a client's answer of a function's response in payload format 1.0.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html#api-gateway-simple-proxy-for-lambda-output-format
 *
 * @param payload - the response
 * @param request - a REST API decodes a binary body where the first type that the client accepts is binary
 * @param gateway - the gateway
 * @returns the answer; the gateway's own where the response is malformed
 */
export function answerOfFormat1(
  payload: Buffer,
  request: HttpRequest,
  gateway: Gateway,
): HttpAnswer {
  const malformed = answerOfError(gateway.kind, 'function');
  const parsed = v.safeParse(responseOfFormat1, parseResponse(payload));
  if (!parsed.success) return malformed;
  const data = parsed.output;
  const isRest = gateway.kind === 'rest';
  const multiple = Object.entries(data.multiValueHeaders ?? {});
  const overridden = new Set(multiple.map(([name]) => name.toLowerCase()));
  const headers = answerHeaders(
    [
      // "If you specify values for both, API Gateway merges them"; of the same name, those of multiValueHeaders count.
      ...Object.entries(data.headers ?? {}).filter(
        ([name]) => !overridden.has(name.toLowerCase()),
      ),
      ...multiple.flatMap(([name, values]) =>
        values.map((value) => [name, value] as const),
      ),
    ],
    isRest,
  );
  if (headers === undefined) return malformed;
  const isBinary =
    data.isBase64Encoded === true &&
    (!isRest ||
      matchesMediaType(
        mediaType(headerOf(request, 'accept')),
        gateway.binaryMediaTypes,
      ));
  return {
    status: data.statusCode,
    headers: withContentType(headers, CONTENT_TYPE[gateway.kind]),
    body: Buffer.from(data.body ?? '', isBinary ? 'base64' : 'utf8'),
  };
}
