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
  ],
  boto3: ['boto3'],
  cryptography: ['cryptography.x509', 'cryptography.hazmat.primitives.hashes'],
  jmespath: ['jmespath'],
  moto: [
    'moto',
    'moto.dynamodb.urls',
    'moto.s3.urls',
    'moto.secretsmanager.urls',
    'moto.sns.urls',
    'moto.sqs.urls',
  ],
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
  werkzeug: ['werkzeug.routing', 'werkzeug.wrappers'],
  xmltodict: ['xmltodict'],
};

/**
 * The modules that the projects of a batch have in common, as far as they are worth it. A project that lacks one does not
 * see it.
 *
 * @param lock - the lock file; the projects' code is not asked
 * @param projectNames - the members' PEP 503 names
 * @returns full names of modules
 */
export function modulesInCommon(
  lock: LockFile,
  projectNames: readonly string[],
): readonly string[] {
  const closures = projectNames.map((name) => distributionsOf(lock, name));
  const toolchain = distributionsOf(lock);
  return Object.entries(PRELOADED_MODULES)
    .filter(
      ([distribution]) =>
        toolchain.has(distribution) ||
        2 * closures.filter((one) => one.has(distribution)).length >=
          closures.length,
    )
    .flatMap(([, modules]) => modules);
}
