/** Options of the executor `lambda-py:pack`. */
export interface PackExecutorSchema {
  /** The folder for zip and manifest, relative to the workspace root. */
  outputPath?: string;
}
