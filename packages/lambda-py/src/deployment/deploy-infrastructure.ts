import type { InfrastructureKind } from '../workspace/infrastructure';
import { deployCdk } from './cdk-deploy';
import { defaultStackName } from './function-name';
import { deploySam } from './sam-deploy';
import type { Stage } from './stage';
import type {
  DeployedProject,
  TemplateDeployment,
  TemplateOutcome,
} from './template-deployment';
import { deployTerraform } from './terraform-deploy';

/** The options of a deployment of infrastructure code. */
export interface InfrastructureOptions {
  readonly stackName?: string;
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  readonly bucket?: string;
  readonly dryRun?: boolean;
}

/** Infrastructure code, and where it stands. */
export interface Infrastructure {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly project: DeployedProject;
  readonly kind: InfrastructureKind;
}

const DEPLOY: Readonly<
  Record<
    InfrastructureKind,
    (deployment: TemplateDeployment) => Promise<TemplateOutcome>
  >
> = { sam: deploySam, cdk: deployCdk, terraform: deployTerraform };

/**
 * Deploys infrastructure code by the tool that it is written for.
 *
 * @param infrastructure - the code
 * @param options - how
 * @param stage - where
 * @param log - takes what the tool prints
 * @returns what the tool has done
 * @throws {@link LambdaPyError} when the tool fails
 */
export function deployInfrastructure(
  { workspaceRoot, project, kind }: Infrastructure,
  options: InfrastructureOptions,
  stage: Stage,
  log: (line: string) => void,
): Promise<TemplateOutcome> {
  const { stackName, parameters = {}, bucket, dryRun = false } = options;
  return DEPLOY[kind]({
    workspaceRoot,
    project,
    stage: stage.name,
    stackName:
      stackName ?? defaultStackName(project.projectName, stage.name, kind),
    settings: stage.settings,
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, String(value)]),
    ),
    ...(bucket === undefined ? {} : { bucket }),
    dryRun,
    log,
  });
}
