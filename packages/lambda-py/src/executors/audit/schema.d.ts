/** The options of the executor `lambda-py:audit`; schema.json describes them. */
export interface AuditExecutorSchema {
  serviceUrl?: string;
  timeout?: number;
}
