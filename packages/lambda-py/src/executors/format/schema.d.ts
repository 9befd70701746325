/** The options of the executor `lambda-py:format`; schema.json describes them. */
export interface FormatExecutorSchema {
  formatter?: 'black' | 'ruff';
  timeout?: number;
}
