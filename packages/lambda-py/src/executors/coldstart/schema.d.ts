/** Options of the executor `lambda-py:coldstart`. */
export interface ColdstartExecutorSchema {
  runs?: number;
  json?: boolean;
  envFile?: string;
  artifact?: string;
}
