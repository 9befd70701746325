import { LambdaPyError } from '../workspace/errors';
import { explainAwsError } from './aws-errors';
import { clientSettings } from './aws-settings';
import type { AwsSettings } from './aws-settings';

/** Who AWS takes this process for. */
export interface CallerIdentity {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
  /** What must never be shown: keys and tokens that the SDK has found. */
  readonly secrets: readonly string[];
}

/**
 * Asks AWS who this process is, before anything else is asked.
 *
 * @param settings - where AWS is
 * @returns the identity
 * @throws {@link LambdaPyError} when there are no credentials, or AWS does not take them
 */
export async function readIdentity(
  settings: AwsSettings,
): Promise<CallerIdentity> {
  const { STSClient, GetCallerIdentityCommand } =
    await import('@aws-sdk/client-sts');
  const client = new STSClient(clientSettings(settings));
  const secrets: string[] = [];
  try {
    const found = await client.config.credentials();
    secrets.push(found.secretAccessKey, found.sessionToken ?? '');
    const { Account = '', Arn = '' } = await client.send(
      new GetCallerIdentityCommand({}),
    );
    return {
      account: Account,
      arn: Arn,
      // An emulator's are no secrets, and short: "test" may stand in any message.
      secrets: settings.endpoint === undefined ? secrets : [],
    };
  } catch (error) {
    throw explainAwsError(error, 'ask AWS for the account', secrets);
  } finally {
    client.destroy();
  }
}

/**
 * Refuses an account other than the stage's.
 *
 * @param identity - who AWS takes this process for
 * @param stage - the stage's name, and its account where it names one
 * @throws {@link LambdaPyError} when they differ
 */
export function checkAccount(
  identity: Pick<CallerIdentity, 'account'>,
  stage: { readonly name: string; readonly account?: string },
): void {
  if (stage.account === undefined || stage.account === identity.account) return;
  throw new LambdaPyError({
    location: `stage ${stage.name}`,
    problem: "the credentials are of another account than the stage's",
    found: identity.account,
    expected: stage.account,
    mend: `use credentials of account ${stage.account}, for instance --profile=NAME, or correct "account" of the configuration "${stage.name}" in nx.json`,
  });
}

/**
 * Refuses a function of another account or region than the stage's: a name may be an ARN.
 *
 * @param arn - the function's
 * @param expected - account and region
 * @throws {@link LambdaPyError} when they differ
 */
export function checkFunctionArn(
  arn: string,
  expected: { readonly account: string; readonly region: string },
): void {
  const [, , , region, account] = arn.split(':');
  if (region === expected.region && account === expected.account) return;
  throw new LambdaPyError({
    location: arn,
    problem: 'the function is not where the stage is',
    found: `account ${account ?? 'none'}, region ${region ?? 'none'}`,
    expected: `account ${expected.account}, region ${expected.region}`,
    mend: 'correct --functionName, or the configuration of the stage in nx.json',
  });
}
