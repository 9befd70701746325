/** The options of the executor `lambda-py:typecheck`; schema.json describes them. */
export interface TypecheckExecutorSchema {
  timeout?: number;
}
