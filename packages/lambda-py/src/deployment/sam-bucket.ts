import { clientSettings } from './aws-settings';
import type { AwsSettings } from './aws-settings';
import { oneAtATime } from './one-at-a-time';

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-deploy.html
const STACK = 'aws-sam-cli-managed-default';

/**
 * Runs `sam deploy` where SAM makes the bucket itself, by a stack that it makes once for an account and a region: of the
 * services that are deployed at the same time, the first one makes it, and the others wait.
 *
 * @param workspaceRoot - absolute path
 * @param settings - where AWS is
 * @param deploy - runs `sam deploy`
 * @returns what it returns
 */
export async function withManagedBucket<Result>(
  workspaceRoot: string,
  settings: AwsSettings,
  deploy: () => Promise<Result>,
): Promise<Result> {
  if (await hasManagedBucket(settings)) return deploy();
  const first = await oneAtATime(workspaceRoot, 'sam-bucket', async () =>
    (await hasManagedBucket(settings)) ? undefined : [await deploy()],
  );
  return first === undefined ? deploy() : (first[0] as Result);
}

async function hasManagedBucket(settings: AwsSettings): Promise<boolean> {
  const { CloudFormationClient, DescribeStacksCommand } =
    await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(clientSettings(settings));
  try {
    const { Stacks: [stack] = [] } = await client.send(
      new DescribeStacksCommand({ StackName: STACK }),
    );
    return /^(?:CREATE|UPDATE)_COMPLETE$/.test(stack?.StackStatus ?? '');
  } catch {
    // There is none, or SAM will say better what is wrong.
    return false;
  } finally {
    client.destroy();
  }
}
