import { distributionsOf } from '../../workspace/closure';
import type { LockFile } from '../../workspace/lock-file';

/**
 * The modules that are imported once for all projects of a batch, by distribution. Each takes long to import, and what it
 * changes outside of itself then can be repeated: docs/decisions/0022 says why these, and why not others.
 */
export const PRELOADED_MODULES: Readonly<Record<string, readonly string[]>> = {
  'aws-lambda-powertools': [
    'aws_lambda_powertools',
    'aws_lambda_powertools.event_handler',
    'aws_lambda_powertools.utilities.batch',
    'aws_lambda_powertools.utilities.data_classes',
    'aws_lambda_powertools.utilities.idempotency.serialization.pydantic',
    'aws_lambda_powertools.utilities.parameters',
    'aws_lambda_powertools.utilities.parser',
    'aws_lambda_powertools.utilities.parser.models',
    // Loaded when they are first used; each is what one source of events needs.
    'aws_lambda_powertools.utilities.parser.models.apigw',
    'aws_lambda_powertools.utilities.parser.models.apigwv2',
    'aws_lambda_powertools.utilities.parser.models.dynamodb',
    'aws_lambda_powertools.utilities.parser.models.kinesis',
    'aws_lambda_powertools.utilities.parser.models.s3',
    'aws_lambda_powertools.utilities.parser.models.sns',
    'aws_lambda_powertools.utilities.parser.models.sqs',
    'aws_lambda_powertools.utilities.typing',
  ],
  boto3: ['boto3'],
  coverage: ['coverage'],
  cryptography: ['cryptography.x509', 'cryptography.hazmat.primitives.hashes'],
  jmespath: ['jmespath'],
  moto: [
    'moto',
    'moto.dynamodb.urls',
    'moto.iam.access_control',
    'moto.s3.urls',
    'moto.secretsmanager.urls',
    'moto.sns.urls',
    'moto.sqs.urls',
  ],
  // pytest compares versions with it where a project sets `minversion`.
  packaging: ['packaging.version'],
  pydantic: [
    'pydantic.main',
    'pydantic.config',
    'pydantic.fields',
    'pydantic.functional_validators',
    'pydantic.type_adapter',
    'pydantic.networks',
  ],
  pyyaml: ['yaml'],
  requests: ['requests'],
  responses: ['responses'],
  tenacity: ['tenacity'],
  werkzeug: ['werkzeug.routing', 'werkzeug.wrappers'],
  xmltodict: ['xmltodict'],
};

/**
 * The plugins of pytest that are imported once for all projects of a batch, by distribution: pytest loads them in each
 * project, whether it uses them or not.
 */
export const PRELOADED_PLUGINS: Readonly<Record<string, readonly string[]>> = {
  anyio: ['anyio.pytest_plugin'],
  platformdirs: ['platformdirs'],
  'pytest-cov': ['pytest_cov.plugin', 'pytest_cov.engine'],
  'time-machine': ['time_machine'],
};

/** What a process imports for those that are forked from it. */
export interface Preloaded {
  /** Full names of modules. */
  readonly modules: readonly string[];
  /** Full names of modules, by the distribution of the plugin. */
  readonly plugins: Readonly<Record<string, readonly string[]>>;
}

/**
 * The modules that the projects of a batch have in common, as far as they are worth it. A project that lacks one does not
 * see it.
 *
 * @param lock - the lock file; the projects' code is not asked
 * @param projectNames - the members' PEP 503 names
 * @returns see {@link Preloaded}
 */
export function preloadedInCommon(
  lock: LockFile,
  projectNames: readonly string[],
): Preloaded {
  const closures = projectNames.map((name) => distributionsOf(lock, name));
  const toolchain = distributionsOf(lock);
  const inCommon = (
    table: Readonly<Record<string, readonly string[]>>,
  ): (readonly [string, readonly string[]])[] =>
    Object.entries(table).filter(
      ([distribution]) =>
        toolchain.has(distribution) ||
        2 * closures.filter((one) => one.has(distribution)).length >=
          closures.length,
    );
  return {
    modules: inCommon(PRELOADED_MODULES).flatMap(([, modules]) => modules),
    plugins: Object.fromEntries(inCommon(PRELOADED_PLUGINS)),
  };
}
