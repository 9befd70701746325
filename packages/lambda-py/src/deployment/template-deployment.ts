import { runProcess } from '../workspace/process';
import type { Service } from '../workspace/service';
import { LambdaPyError } from '../workspace/errors';
import type { AwsSettings } from './aws-settings';

/** A project that is deployed: a service, or a stack that services share. */
export type DeployedProject = Pick<Service, 'projectName' | 'projectRoot'>;

/** A deployment of a project's infrastructure code, a service's packed zip with it. */
export interface TemplateDeployment {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly project: DeployedProject;
  readonly stage: string;
  readonly stackName: string;
  readonly settings: AwsSettings;
  /** Parameters of a SAM template, context of a CDK app, or variables of Terraform. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Where SAM puts the zip; a bucket that SAM makes where there is none. */
  readonly bucket?: string;
  /** Shows what would be done. */
  readonly dryRun: boolean;
  readonly log: (line: string) => void;
}

/** What a tool has done. */
export interface TemplateOutcome {
  readonly status: 'released' | 'unchanged' | 'planned';
  /** The version that Terraform has published, and no alias has yet. */
  readonly version?: string;
}

/**
 * Runs a tool that deploys, and passes its output on as it comes.
 *
 * @param deployment - the project, for the error
 * @param command - the executable
 * @param args - its arguments
 * @param options - where it runs, with which environment
 * @returns what it printed
 * @throws {@link LambdaPyError} when it fails: its output tells why
 */
export async function runDeployTool(
  { project, log }: TemplateDeployment,
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<string> {
  let rest = '';
  const { exitCode, stdout, stderr } = await runProcess(command, args, {
    ...options,
    onOutput: (text) => {
      const lines = `${rest}${text}`.split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) log(line);
    },
  });
  if (rest !== '') log(rest);
  if (exitCode === 0) return `${stdout}${stderr}`;
  throw new LambdaPyError({
    location: project.projectName,
    problem: 'the deployment failed; what the tool printed above tells why',
    found: `exit status ${exitCode}`,
    mend: 'mend what it names, then run the target again',
  });
}
