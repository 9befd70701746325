import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ReportedError } from './runtime-api-messages';

/** A request's body, or only its size where it was too large to keep. */
export interface RequestBody {
  readonly bytes: number;
  /** Missing where the body has more bytes than allowed. */
  readonly content?: Buffer;
}

/**
 * Reads a request's body to its end, and keeps no more of it than allowed.
 *
 * @param request - a request whose body was not touched yet
 * @param limit - the largest body to keep, in bytes
 * @returns the body
 * @throws when the client goes away before the end
 */
export async function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<RequestBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= limit) chunks.push(chunk);
  }
  return bytes > limit ? { bytes } : { bytes, content: Buffer.concat(chunks) };
}

/**
 * Reads an error that the runtime client posted.
 *
 * @param request - its request
 * @param body - the request's body
 * @returns the error
 */
export function readReportedError(
  request: IncomingMessage,
  body: Buffer,
): ReportedError {
  const errorType = request.headers['lambda-runtime-function-error-type'];
  return {
    kind: 'error',
    body,
    ...(typeof errorType === 'string' ? { errorType } : {}),
  };
}

/**
 * Tells the runtime client that its answer was taken.
 *
 * @param response - to its request
 */
export function accept(response: ServerResponse): void {
  answer(response, 202, { status: 'OK' });
}

/**
 * Refuses a request of the runtime client's.
 *
 * @param response - to its request
 * @param status - the HTTP status
 * @param errorType - Lambda's name of the error
 * @param errorMessage - Lambda's words, where they are known
 */
export function refuse(
  response: ServerResponse,
  status: number,
  errorType: string,
  errorMessage: string,
): void {
  answer(response, status, { errorMessage, errorType });
}

function answer(
  response: ServerResponse,
  status: number,
  body: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
