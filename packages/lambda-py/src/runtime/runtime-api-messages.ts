/** An event on its way to the function. */
export interface RuntimeRequest {
  readonly requestId: string;
  readonly event: Buffer;
  /** When the invocation times out, in ms since 1970. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  /** The X-Ray header: `Root=…;Parent=…;Sampled=0`. */
  readonly traceId: string;
  /** The client context of a mobile client, as JSON. */
  readonly clientContext?: string;
}

/** What the function answered. Times are those of `performance.now()`, in ms. */
export type RuntimeAnswer = {
  readonly handedOverAt: number;
  readonly answeredAt: number;
} & (
  | {
      readonly kind: 'response';
      readonly body: Buffer;
      readonly contentType: string;
    }
  | ReportedError
  | { readonly kind: 'oversize'; readonly bytes: number }
);

/** An error that the runtime client reported. */
export interface ReportedError {
  readonly kind: 'error';
  readonly body: Buffer;
  /** The header `Lambda-Runtime-Function-Error-Type`. */
  readonly errorType?: string;
}

/** How the function's initialisation ended: it asks for its first event, or reports why it cannot. */
export type InitAnswer = { readonly kind: 'ready' } | ReportedError;
