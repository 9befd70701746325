/** The options of the executor `lambda-py:test`; schema.json describes them. */
export interface TestExecutorSchema {
  lines?: number;
  branches?: number;
  keyword?: string;
  args?: string[];
  timeout?: number;
}
