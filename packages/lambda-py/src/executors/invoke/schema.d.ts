/** Options of the executor `lambda-py:invoke`. */
export interface InvokeExecutorSchema {
  event?: string;
  /** JSON text; Nx has parsed a number or a boolean already, and a configuration file may hold any value. */
  payload?: string | number | boolean | object;
  /** How often each environment is invoked. */
  repeat?: number;
  /** How many fresh environments are started. */
  coldStarts?: number;
  json?: boolean;
  envFile?: string;
  /** In seconds. */
  timeout?: number;
  /** In MB. */
  memory?: number;
  artifact?: string;
}
