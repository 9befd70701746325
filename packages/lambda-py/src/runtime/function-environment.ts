import { randomBytes } from 'node:crypto';
import { LambdaPyError } from '../workspace/errors';
import type { Runtime } from '../workspace/runtimes';

/** What tells one function from another, as far as its code can see. */
export interface FunctionConfiguration {
  readonly name: string;
  /** `package.module.function`, as packed. */
  readonly handler: string;
  readonly runtime: Runtime;
  /** In MB. */
  readonly memoryMb: number;
  /** In seconds. */
  readonly timeoutSeconds: number;
  /** The user's own variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Where one execution environment finds its parts. */
export interface SandboxPlaces {
  /** The unpacked artifact. */
  readonly taskRoot: string;
  /** The folders that stand for `/opt/python`, the layer that lies on top first. */
  readonly layerRoots: readonly string[];
  /** The folder of awslambdaric. */
  readonly runtimeClient: string;
  /** The folder for temporary files. */
  readonly temporary: string;
  /** Host and port of the Runtime API. */
  readonly runtimeApi: string;
}

/** The region of a function whose variables name none. */
export const DEFAULT_REGION = 'us-east-1';
// The account of AWS's own examples: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
const ACCOUNT = '123456789012';

// Lambda refuses these in a function's configuration:
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
// Region and credentials are reserved there too; here a user may want to name those of an emulator.
const RESERVED = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** The variable whose value is another one in every execution environment, so that its processes can be told. */
export const SANDBOX_MARK = 'AWS_LAMBDA_LOG_STREAM_NAME';

/**
 * The environment that a function runs in: Lambda's own variables, the user's, and nothing of this process but what
 * programs need to be found.
 *
 * @param configuration - the function
 * @param places - see {@link SandboxPlaces}
 * @param host - the environment to take `PATH` and `LD_LIBRARY_PATH` from
 * @returns the whole environment
 * @throws {@link LambdaPyError} when the user sets a variable that Lambda reserves
 */
export function functionEnvironment(
  { name, handler, runtime, memoryMb, environment }: FunctionConfiguration,
  places: SandboxPlaces,
  host: NodeJS.ProcessEnv,
): Record<string, string> & { readonly [SANDBOX_MARK]: string } {
  const reserved = Object.keys(environment).filter((key) => RESERVED.has(key));
  if (reserved.length > 0) {
    throw new LambdaPyError({
      problem: 'a variable that Lambda reserves cannot be set',
      found: reserved.join(', '),
      mend: 'remove it from the file of environment variables',
    });
  }
  const region = environment['AWS_REGION'] ?? DEFAULT_REGION;
  return {
    ...inherit(host, ['PATH', 'LD_LIBRARY_PATH']),
    // Lambda sets neither; without them the user's own ~/.aws would be read, and /tmp shared.
    HOME: places.temporary,
    TMPDIR: places.temporary,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // Dummies, so that no call to AWS can succeed by accident.
    AWS_ACCESS_KEY_ID: 'LOCALLOCALLOCALLOCAL',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    ...environment,
    PYTHONPATH: [
      places.taskRoot,
      environment['PYTHONPATH'],
      ...places.layerRoots,
      places.runtimeClient,
    ]
      .filter((path) => path !== undefined && path !== '')
      .join(':'),
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: places.taskRoot,
    LAMBDA_RUNTIME_DIR: places.runtimeClient,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime.identifier}`,
    AWS_LAMBDA_RUNTIME_API: places.runtimeApi,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    [SANDBOX_MARK]: nameLogStream(new Date()),
  };
}

function inherit(
  host: NodeJS.ProcessEnv,
  keys: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = host[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function nameLogStream(today: Date): string {
  const date = today.toISOString().slice(0, 10).replaceAll('-', '/');
  return `${date}/[$LATEST]${randomBytes(16).toString('hex')}`;
}

/**
 * The ARN that a local invocation tells the function.
 *
 * @param configuration - the function
 * @returns an ARN of a made-up account
 */
export function functionArn({
  name,
  environment,
}: FunctionConfiguration): string {
  return `arn:aws:lambda:${environment['AWS_REGION'] ?? DEFAULT_REGION}:${ACCOUNT}:function:${name}`;
}

/**
 * Makes a trace id in X-Ray's format, of a trace that is not sampled: nothing tries to send it.
 *
 * @param now - the time that goes into it
 * @returns the header's value
 */
export function makeTraceId(now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000).toString(16);
  const hex = (bytes: number): string => randomBytes(bytes).toString('hex');
  return `Root=1-${seconds}-${hex(12)};Parent=${hex(8)};Sampled=0`;
}
