/** Options of the executor `lambda-py:deploy`. */
export interface DeployExecutorSchema {
  /** Nx makes a number of digits on the command line. */
  account?: string | number;
  region?: string;
  profile?: string;
  protected?: boolean;
  yes?: boolean;
  strategy?: 'template' | 'code';
  parameters?: Record<string, string | number | boolean>;
  emulator?: boolean;
  stopEmulator?: boolean;
  functionName?: string;
  stackName?: string;
  alias?: string;
  bucket?: string;
  shift?: string;
  alarms?: string[];
  smokeEvent?: string;
  dryRun?: boolean;
  json?: boolean;
}
