import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** An answer of AWS's that refuses a request. */
export interface Refusal {
  readonly status: number;
  /** AWS's name for what is wrong. */
  readonly type: string;
}

/** An answer as it goes over the line. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/**
 * Says a refusal in the protocol that the request was made in: each service of AWS has its own.
 *
 * @param request - the headers of the request
 * @param refusal - what is said
 * @returns the answer
 */
export function refuseInProtocol(
  request: IncomingHttpHeaders,
  { status, type }: Refusal,
): RawAnswer {
  const contentType = request['content-type'] ?? '';
  if (contentType.includes('x-www-form-urlencoded')) {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
    return {
      status,
      headers: { 'Content-Type': 'text/xml' },
      body: Buffer.from(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${type}</Code><Message>${type}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
      ),
    };
  }
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': type },
    body: Buffer.from(
      JSON.stringify({ Type: 'User', message: type, __type: type }),
    ),
  };
}
