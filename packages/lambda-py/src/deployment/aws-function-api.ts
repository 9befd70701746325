import type {
  AliasConfiguration,
  FunctionConfiguration,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { isNotFound } from './aws-errors';
import { clientSettings } from './aws-settings';
import type { AwsSettings } from './aws-settings';
import type {
  AliasState,
  AliasTarget,
  FunctionApi,
  FunctionState,
  PublishedVersion,
} from './function-api';

/** The connections to AWS of one release. */
export interface AwsConnection {
  readonly api: FunctionApi;
  /** Closes the connections, which would keep the process alive. */
  readonly close: () => void;
}

/**
 * Connects to AWS through its SDK, which is loaded now and not before: it takes its time.
 *
 * @param names - of the function and its alias
 * @param settings - where AWS is
 * @returns the connection
 */
export async function connectToFunction(
  names: { readonly functionName: string; readonly aliasName: string },
  settings: AwsSettings,
): Promise<AwsConnection> {
  const sdk = await import('@aws-sdk/client-lambda');
  const client = new sdk.LambdaClient(clientSettings(settings));
  const { functionName, aliasName } = names;
  const FunctionName = functionName;
  const Name = aliasName;
  return {
    api: {
      functionName,
      aliasName,
      readFunction: async (version) =>
        stateOf(
          await client.send(
            new sdk.GetFunctionConfigurationCommand({
              FunctionName,
              ...(version === undefined ? {} : { Qualifier: version }),
            }),
          ),
        ),
      async readAlias() {
        try {
          return aliasOf(
            await client.send(new sdk.GetAliasCommand({ FunctionName, Name })),
          );
        } catch (error) {
          if (isNotFound(error)) return undefined;
          throw error;
        }
      },
      listVersions: () => listVersions(client, FunctionName),
      updateCode: async (code, revisionId) =>
        stateOf(
          await client.send(
            new sdk.UpdateFunctionCodeCommand({
              FunctionName,
              RevisionId: revisionId,
              ...('zip' in code
                ? { ZipFile: code.zip }
                : { S3Bucket: code.bucket, S3Key: code.key }),
            }),
          ),
        ),
      publishVersion: async ({ codeSha256, revisionId, description }) =>
        versionOf(
          await client.send(
            new sdk.PublishVersionCommand({
              FunctionName,
              CodeSha256: codeSha256,
              RevisionId: revisionId,
              Description: description,
            }),
          ),
        ),
      createAlias: async (target) =>
        aliasOf(
          await client.send(
            new sdk.CreateAliasCommand({
              FunctionName,
              Name,
              ...targetInput(target),
            }),
          ),
        ),
      updateAlias: async (target, revisionId) =>
        aliasOf(
          await client.send(
            new sdk.UpdateAliasCommand({
              FunctionName,
              Name,
              RevisionId: revisionId,
              ...targetInput(target),
            }),
          ),
        ),
      async invoke(qualifier, payload) {
        const answer = await client.send(
          new sdk.InvokeCommand({
            FunctionName,
            Qualifier: qualifier,
            Payload: Buffer.from(payload, 'utf8'),
          }),
        );
        return {
          payload: Buffer.from(answer.Payload ?? []).toString('utf8'),
          ...(answer.FunctionError === undefined
            ? {}
            : { functionError: answer.FunctionError }),
        };
      },
      readAlarms: (alarms) => readAlarms(alarms, settings),
    },
    close: () => {
      client.destroy();
    },
  };
}

async function listVersions(
  client: LambdaClient,
  FunctionName: string,
): Promise<readonly PublishedVersion[]> {
  const { paginateListVersionsByFunction } =
    await import('@aws-sdk/client-lambda');
  const versions: PublishedVersion[] = [];
  for await (const page of paginateListVersionsByFunction(
    { client },
    { FunctionName },
  )) {
    versions.push(...(page.Versions ?? []).map(versionOf));
  }
  return versions.filter(({ version }) => /^\d+$/.test(version));
}

async function readAlarms(
  names: readonly string[],
  settings: AwsSettings,
): Promise<ReadonlyMap<string, string>> {
  const { CloudWatchClient, DescribeAlarmsCommand } =
    await import('@aws-sdk/client-cloudwatch');
  const client = new CloudWatchClient(clientSettings(settings));
  try {
    const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
      new DescribeAlarmsCommand({
        AlarmNames: [...names],
        AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      }),
    );
    return new Map(
      [...MetricAlarms, ...CompositeAlarms].map(
        ({ AlarmName = '', StateValue = '' }) => [AlarmName, StateValue],
      ),
    );
  } finally {
    client.destroy();
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html */
function stateOf(configuration: FunctionConfiguration): FunctionState {
  const { State, LastUpdateStatus } = configuration;
  const failure =
    State === 'Failed'
      ? (configuration.StateReason ?? State)
      : LastUpdateStatus === 'Failed'
        ? (configuration.LastUpdateStatusReason ?? LastUpdateStatus)
        : undefined;
  return {
    arn: configuration.FunctionArn ?? '',
    codeSha256: configuration.CodeSha256 ?? '',
    revisionId: configuration.RevisionId ?? '',
    // A function that was not invoked for weeks is inactive, and takes updates.
    isReady: State !== 'Pending' && LastUpdateStatus !== 'InProgress',
    ...(failure === undefined ? {} : { failure }),
  };
}

function versionOf(configuration: FunctionConfiguration): PublishedVersion {
  return {
    version: configuration.Version ?? '',
    codeSha256: configuration.CodeSha256 ?? '',
    description: configuration.Description ?? '',
    lastModified: configuration.LastModified ?? '',
  };
}

function aliasOf(configuration: AliasConfiguration): AliasState {
  return {
    version: configuration.FunctionVersion ?? '',
    weights: configuration.RoutingConfig?.AdditionalVersionWeights ?? {},
    description: configuration.Description ?? '',
    revisionId: configuration.RevisionId ?? '',
  };
}

function targetInput({ version, weights, description }: AliasTarget) {
  return {
    FunctionVersion: version,
    Description: description,
    // Empty weights take those that are there away; a missing table would leave them.
    RoutingConfig: { AdditionalVersionWeights: { ...weights } },
  };
}
