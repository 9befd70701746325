import type { InfrastructureTools } from '../toolchain/infrastructure/tools';
import { extendPath } from '../workspace/search-path';
import { EMULATOR_CREDENTIALS, MOST_ATTEMPTS } from './aws-settings';
import type { AwsSettings } from './aws-settings';

/** Variables that lead to an account; for an emulator none of the user's may be left. */
const ACCOUNT_VARIABLES = 'AWS_';

/**
 * The environment that a tool deploys in: the user's own, in the region and with the profile of the stage; for an emulator
 * with nothing of the user's AWS account.
 *
 * @param settings - where AWS is
 * @param tools - the tools' own environment, where they have one
 * @returns a copy of this process's environment
 */
export function deployEnvironment(
  settings: AwsSettings,
  tools?: InfrastructureTools,
): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...own } = process.env;
  const { region, profile, endpoint } = settings;
  const base =
    endpoint === undefined
      ? own
      : Object.fromEntries(
          Object.entries(own).filter(
            ([name]) => !name.startsWith(ACCOUNT_VARIABLES),
          ),
        );
  return {
    ...(tools === undefined
      ? base
      : extendPath(base, { first: tools.executables })),
    NO_COLOR: '1',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    ...(profile === undefined ? {} : { AWS_PROFILE: profile }),
    ...(endpoint === undefined
      ? {}
      : {
          AWS_ENDPOINT_URL: endpoint,
          AWS_ACCESS_KEY_ID: EMULATOR_CREDENTIALS.accessKeyId,
          AWS_SECRET_ACCESS_KEY: EMULATOR_CREDENTIALS.secretAccessKey,
          AWS_EC2_METADATA_DISABLED: 'true',
        }),
    ...(tools === undefined
      ? {}
      : {
          PYTHONDONTWRITEBYTECODE: '1',
          // The SAM CLI's client gives up early by default: many services are deployed at once.
          AWS_RETRY_MODE: base['AWS_RETRY_MODE'] ?? 'standard',
          AWS_MAX_ATTEMPTS: base['AWS_MAX_ATTEMPTS'] ?? String(MOST_ATTEMPTS),
          SAM_CLI_TELEMETRY: '0',
          __SAM_CLI_APP_DIR: tools.state,
        }),
  };
}
