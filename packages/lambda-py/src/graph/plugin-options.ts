/** The options of the `lambda-py` entry of nx.json's `plugins`: a name for each inferred target. */
export interface PluginOptions {
  readonly lintTargetName?: string;
  readonly formatTargetName?: string;
  readonly typecheckTargetName?: string;
  readonly testTargetName?: string;
  readonly auditTargetName?: string;
  readonly packTargetName?: string;
  readonly invokeTargetName?: string;
  readonly serveTargetName?: string;
  readonly coldstartTargetName?: string;
  readonly validateTargetName?: string;
  readonly deployTargetName?: string;
  readonly rollbackTargetName?: string;
}

const DEFAULTS: Required<PluginOptions> = {
  lintTargetName: 'lint',
  formatTargetName: 'format',
  typecheckTargetName: 'typecheck',
  testTargetName: 'test',
  auditTargetName: 'audit',
  packTargetName: 'pack',
  invokeTargetName: 'invoke',
  serveTargetName: 'serve',
  coldstartTargetName: 'coldstart',
  validateTargetName: 'validate',
  deployTargetName: 'deploy',
  rollbackTargetName: 'rollback',
};

/**
 * Completes the plugin's options.
 *
 * @param options - as nx.json has them
 * @returns every option, the missing ones and those that are no target name with their default; `unknown` and `unusable`
 * report the keys that are no option and those whose value is not used
 */
export function normalisePluginOptions(options: PluginOptions | undefined): {
  readonly options: Required<PluginOptions>;
  readonly unknown: readonly string[];
  readonly unusable: readonly string[];
} {
  const entries = Object.entries<unknown>({ ...options });
  const known = entries.filter(([key]) => key in DEFAULTS);
  const isTargetName = (value: unknown): boolean =>
    typeof value === 'string' && value !== '';
  return {
    options: {
      ...DEFAULTS,
      ...Object.fromEntries(known.filter(([, value]) => isTargetName(value))),
    },
    unknown: entries.map(([key]) => key).filter((key) => !(key in DEFAULTS)),
    unusable: known
      .filter(([, value]) => !isTargetName(value))
      .map(([key]) => key),
  };
}
