import { LambdaPyError } from '../workspace/errors';
import type { InfrastructureKind } from '../workspace/infrastructure';
import { classNameOf } from '../workspace/names';
import { explainAwsError } from './aws-errors';
import { clientSettings } from './aws-settings';
import type { AwsSettings } from './aws-settings';

/** The output of a stack that names its function; the generated templates have it. */
export const FUNCTION_OUTPUT = 'FunctionName';

/**
 * The stack of a service where the user names none: the CDK names a stack after its class, all else after the project;
 * a stage other than the default one adds its name, since stages may share an account.
 *
 * @param projectName - the service's
 * @param stage - the stage's name
 * @param kind - the kind of infrastructure code
 * @returns the stack's name
 */
export function defaultStackName(
  projectName: string,
  stage: string,
  kind: InfrastructureKind | undefined,
): string {
  if (kind === 'cdk') return classNameOf(projectName);
  return stage === DEFAULT_STAGE
    ? projectName
    : // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
      `${projectName}-${stage}`.replaceAll(/[^A-Za-z0-9-]/g, '-');
}

/** The stage of a run that names no configuration. */
export const DEFAULT_STAGE = 'default';

/**
 * Finds the function of a service: by the output of its stack, or, where no stack is there, by the project's name, which
 * Terraform's functions have.
 *
 * @param projectName - the service's
 * @param stackName - its stack; none where its infrastructure is no stack
 * @param settings - where AWS is
 * @returns the function's name
 * @throws {@link LambdaPyError} when the stack does not exist, or names no function
 */
export async function findFunctionName(
  projectName: string,
  stackName: string | undefined,
  settings: AwsSettings,
): Promise<string> {
  if (stackName === undefined) return projectName;
  const { CloudFormationClient, DescribeStacksCommand } =
    await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(clientSettings(settings));
  try {
    const { Stacks: [stack] = [] } = await client
      .send(new DescribeStacksCommand({ StackName: stackName }))
      .catch((error: unknown) => {
        if (String(error).includes('does not exist')) return { Stacks: [] };
        throw explainAwsError(error, `read the stack ${stackName}`);
      });
    const name = stack?.Outputs?.find(
      ({ OutputKey }) => OutputKey === FUNCTION_OUTPUT,
    )?.OutputValue;
    if (name !== undefined) return name;
    throw new LambdaPyError({
      location: `stack ${stackName}`,
      problem:
        stack === undefined
          ? 'the stack does not exist, so that the function is not known'
          : `the stack has no output ${FUNCTION_OUTPUT}, so that the function is not known`,
      mend: `pass --functionName, or deploy with --strategy=template first`,
    });
  } finally {
    client.destroy();
  }
}
