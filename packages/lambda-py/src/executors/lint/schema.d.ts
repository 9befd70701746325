/** The options of the executor `lambda-py:lint`; schema.json describes them. */
export interface LintExecutorSchema {
  fix?: boolean;
  formatter?: 'black' | 'ruff';
  timeout?: number;
}
