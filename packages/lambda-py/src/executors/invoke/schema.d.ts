/** Options of the executor `lambda-py:invoke`. */
export interface InvokeExecutorSchema {
  event?: string;
  /** JSON text; Nx has parsed a number or a boolean already, and a configuration file may hold any value. */
  payload?: string | number | boolean | object;
  envFile?: string;
  /** In seconds. */
  timeout?: number;
  /** In MB. */
  memory?: number;
  artifact?: string;
}
