import type { PayloadFormat } from '../../serve/gateway';

/** Options of the executor `lambda-py:serve`. */
export interface ServeExecutorSchema {
  port?: number;
  payloadFormat?: PayloadFormat;
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
