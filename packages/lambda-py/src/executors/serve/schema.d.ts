/** Options of the executor `lambda-py:serve`. */
export interface ServeExecutorSchema {
  port?: number;
  payloadFormat?: '1.0' | '2.0';
  binaryMediaTypes?: string[];
  concurrency?: number;
  watch?: boolean;
  json?: boolean;
  envFile?: string;
  /** In seconds. */
  timeout?: number;
  /** In MB. */
  memory?: number;
}
