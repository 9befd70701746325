/** The options of the `lambda-py` entry of nx.json's `plugins`: a name for each inferred target. */
export interface PluginOptions {
  readonly lintTargetName?: string;
  readonly formatTargetName?: string;
  readonly typecheckTargetName?: string;
  readonly testTargetName?: string;
  readonly packTargetName?: string;
  readonly invokeTargetName?: string;
}

const DEFAULTS: Required<PluginOptions> = {
  lintTargetName: 'lint',
  formatTargetName: 'format',
  typecheckTargetName: 'typecheck',
  testTargetName: 'test',
  packTargetName: 'pack',
  invokeTargetName: 'invoke',
};

/**
 * Completes the plugin's options.
 *
 * @param options - as nx.json has them
 * @returns every option, the missing ones with their default; keys that are no option are reported in `unknown`
 */
export function normalisePluginOptions(options: PluginOptions | undefined): {
  readonly options: Required<PluginOptions>;
  readonly unknown: readonly string[];
} {
  return {
    options: { ...DEFAULTS, ...options },
    unknown: Object.keys(options ?? {}).filter((key) => !(key in DEFAULTS)),
  };
}
