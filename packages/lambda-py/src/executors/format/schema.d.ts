/** The options of the executor `lambda-py:format`; schema.json describes them. */
export interface FormatExecutorSchema {
  fix?: boolean;
  formatter?: 'black' | 'ruff';
  timeout?: number;
}
