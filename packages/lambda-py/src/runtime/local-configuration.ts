import { join } from 'node:path';
import { LambdaPyError } from '../workspace/errors';
import { LOCAL_ENV_FILE } from '../workspace/left-out-files';
import { readEnvFile } from './env-file';
import { readTemplateFunction } from './function-template';
import type { FunctionIdentity } from './function-template';
import { DEFAULT_REGION } from './function-environment';
import { MEMORY_MB, TIMEOUT_SECONDS } from './lambda-limits';

/** What a user may set for a local function, over its template. */
export interface LocalOptions {
  /** A file of `KEY=VALUE` lines, relative to the workspace root. */
  readonly envFile?: string | undefined;
  /** In seconds. */
  readonly timeout?: number | undefined;
  /** In MB. */
  readonly memory?: number | undefined;
}

/** How a function is configured on this machine. */
export interface LocalConfiguration {
  /** In seconds. */
  readonly timeoutSeconds: number;
  /** In MB. */
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What the user should know: variables that have no value here. */
  readonly hint?: string;
}

/** The timeout of a function that no template configures, in seconds. */
export const DEFAULT_TIMEOUT_SECONDS = 30;
/** The memory of a function that no template configures, in MB. */
export const DEFAULT_MEMORY_MB = 512;

/**
 * Configures a function for this machine: by `infra/template.yaml`, where the service has one, by its file of environment
 * variables, which wins, and by options, which win over both.
 *
 * @param workspaceRoot - absolute path
 * @param identity - the function
 * @param options - see {@link LocalOptions}
 * @returns the configuration
 * @throws {@link LambdaPyError} when template or file cannot be read, or a value is out of Lambda's range
 */
export function configureLocally(
  workspaceRoot: string,
  identity: FunctionIdentity,
  options: LocalOptions,
): LocalConfiguration {
  const { projectRoot } = identity;
  const own = readEnvFile(workspaceRoot, projectRoot, options.envFile);
  const template = readTemplateFunction(
    workspaceRoot,
    identity,
    own['AWS_REGION'] ?? DEFAULT_REGION,
  );
  const timeoutSeconds =
    options.timeout ?? template?.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const memoryMb = options.memory ?? template?.memoryMb ?? DEFAULT_MEMORY_MB;
  const place = (option: string, value: unknown, property: string): Place =>
    value === undefined && template !== undefined
      ? { file: template.file, location: property, mend: `correct ${property}` }
      : { location: option, mend: `pass another ${option}` };
  checkRange(
    timeoutSeconds,
    { ...TIMEOUT_SECONDS, unit: 'seconds' },
    place('--timeout', options.timeout, 'Timeout'),
  );
  checkRange(
    memoryMb,
    { ...MEMORY_MB, unit: 'MB' },
    place('--memory', options.memory, 'MemorySize'),
  );
  const missing = Object.entries(template?.unresolved ?? {}).filter(
    ([name]) => !(name in own),
  );
  const envFile = options.envFile ?? join(projectRoot, LOCAL_ENV_FILE);
  return {
    timeoutSeconds,
    memoryMb,
    environment: { ...template?.environment, ...own },
    ...(missing.length === 0
      ? {}
      : {
          hint:
            `${template?.file ?? ''} gives variables values that only AWS knows, so they are not set here: ` +
            `${missing.map(([name, value]) => `${name} (${value})`).join(', ')}. Set them in ${envFile}.`,
        }),
  };
}

interface Place {
  readonly file?: string;
  readonly location: string;
  readonly mend: string;
}

function checkRange(
  value: number,
  range: {
    readonly minimum: number;
    readonly maximum: number;
    readonly unit: string;
  },
  place: Place,
): void {
  const { minimum, maximum, unit } = range;
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw new LambdaPyError({
    ...place,
    problem: 'the value is out of range',
    found: String(value),
    expected: `a whole number of ${unit}, from ${minimum} to ${maximum}`,
  });
}
