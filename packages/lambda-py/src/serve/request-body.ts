import type { Gateway, HttpRequest } from './gateway';
import { headerOf } from './request-parts';

/** A body as an event has it. */
export interface EventBody {
  /** None where the request has none. */
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

// "The body is delivered as text for text/* and these alone; everything else, forms and bodies without a type among them,
// is base64", as seen on HTTP APIs: https://github.com/ministackorg/ministack/pull/766
const TEXT = /^(?:text\/.+|application\/(?:json|xml|javascript))$/;

/**
 * Puts a request's body into an event.
 *
 * @param request - the request
 * @param gateway - a REST API encodes the media types that it is told are binary, an HTTP API all that are not text
 * @returns the body
 */
export function eventBody(request: HttpRequest, gateway: Gateway): EventBody {
  const { body } = request;
  if (body.length === 0) return { isBase64Encoded: false };
  const type = mediaType(headerOf(request, 'content-type'));
  const isBinary =
    gateway.kind === 'rest'
      ? matchesMediaType(type, gateway.binaryMediaTypes)
      : !TEXT.test(type);
  return {
    body: body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary,
  };
}

/**
 * The media type of a header, without its parameters.
 *
 * @param header - of `Content-Type` or `Accept`, of which the first counts
 * @returns for instance `text/html`; empty where there is none
 */
export function mediaType(header: string | undefined): string {
  return header?.split(/[;,]/, 1)[0]?.trim().toLowerCase() ?? '';
}

/**
 * Tells whether a REST API takes a media type for binary.
 *
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 *
 * @param type - the media type; empty where a message names none
 * @param binaryMediaTypes - exact ones, `image/*`, or `*\/*` for all
 * @returns true where one matches
 */
export function matchesMediaType(
  type: string,
  binaryMediaTypes: readonly string[],
): boolean {
  return binaryMediaTypes.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return (
      wanted === '*/*' ||
      wanted === type ||
      (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1)))
    );
  });
}
