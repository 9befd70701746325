/** Options of the executor `lambda-py:rollback`. */
export interface RollbackExecutorSchema {
  /** Nx makes a number of digits on the command line. */
  account?: string | number;
  region?: string;
  profile?: string;
  protected?: boolean;
  yes?: boolean;
  emulator?: boolean;
  functionName?: string;
  stackName?: string;
  alias?: string;
  /** Nx has parsed a number already. */
  to?: string | number;
  list?: boolean;
  json?: boolean;
}
