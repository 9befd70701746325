import { LambdaPyError } from '../workspace/errors';
import { EMULATOR_REGION, silenceSdk } from './aws-settings';
import type { AwsSettings } from './aws-settings';
import { confirm } from './confirmation';
import { checkAccount, readIdentity } from './identity';
import type { CallerIdentity } from './identity';

/** What the options of `deploy` and `rollback` say of a stage. */
export interface StageOptions {
  /** Twelve digits; a number has lost the zeros that it begins with. */
  readonly account?: string | number;
  readonly region?: string;
  readonly profile?: string;
  readonly protected?: boolean;
  readonly yes?: boolean;
}

/** A stage that was entered: the right account, and the user's consent. */
export interface Stage {
  readonly name: string;
  readonly settings: AwsSettings;
  readonly identity: CallerIdentity;
}

/**
 * Enters a stage: asks AWS for the account, refuses a wrong one, and asks the user where the stage is protected.
 *
 * @param name - the configuration of the target
 * @param options - the configuration, and what the command line adds
 * @param how - `doing`: what will be done, none where nothing will be changed; `endpoint`: an emulator's; `log`: tells
 * the user where it is
 * @returns the stage
 * @throws {@link LambdaPyError} when the account is another, nobody confirms, or there is no region or no credentials
 */
export async function enterStage(
  name: string,
  options: StageOptions,
  how: {
    readonly doing?: string;
    readonly endpoint?: string;
    readonly log: (line: string) => void;
  },
): Promise<Stage> {
  const { endpoint } = how;
  const { profile } = options;
  const settings: AwsSettings = {
    region:
      options.region ??
      (endpoint === undefined
        ? await findRegion(name, profile)
        : EMULATOR_REGION),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
  const identity = await readIdentity(settings);
  checkAccount(identity, {
    name,
    ...(options.account === undefined
      ? {}
      : { account: String(options.account).padStart(12, '0') }),
  });
  const place = `account ${identity.account}, region ${settings.region}`;
  how.log(`stage ${name}: ${place}`);
  if (how.doing !== undefined) {
    await confirm(
      {
        stage: name,
        doing: how.doing,
        isProtected: options.protected ?? false,
        isUnguarded: options.account === undefined && endpoint === undefined,
        place,
      },
      {
        isConfirmed: options.yes ?? false,
        isInteractive: process.stdin.isTTY && process.stderr.isTTY,
      },
    );
  }
  return { name, settings, identity };
}

/** The region of the user's AWS configuration: the environment's, else the profile's. */
async function findRegion(
  stage: string,
  profile: string | undefined,
): Promise<string> {
  const { STSClient } = await import('@aws-sdk/client-sts');
  silenceSdk();
  const client = new STSClient(profile === undefined ? {} : { profile });
  try {
    return await client.config.region();
  } catch (error) {
    throw new LambdaPyError(
      {
        location: `stage ${stage}`,
        problem: 'no region is known',
        mend: `set "region" in the configuration "${stage}" of the target in nx.json, or AWS_REGION`,
      },
      { cause: error },
    );
  } finally {
    client.destroy();
  }
}
