/** Options of the executor `lambda-py:pack`. */
export interface PackExecutorSchema {
  /** The folder for the zip and what stands beside it, relative to the workspace root. */
  outputPath?: string;
  /** Whether `<name>.report.html` is written: a treemap of what fills the zip. */
  report?: boolean;
  /** After how many seconds uv is stopped. */
  timeout?: number;
}
