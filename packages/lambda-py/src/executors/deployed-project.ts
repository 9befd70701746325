import type { ExecutorContext } from '@nx/devkit';
import type { DeployedService } from '../deployment/deploy-code';
import type { Infrastructure } from '../deployment/deploy-infrastructure';
import { DEFAULT_STAGE } from '../deployment/function-name';
import { LambdaPyError } from '../workspace/errors';
import { infrastructureKindsOf } from '../workspace/infrastructure';
import type { InfrastructureKind } from '../workspace/infrastructure';
import { readPyproject } from '../workspace/pyproject';
import { describeService, readService } from '../workspace/service';
import type { Service } from '../workspace/service';
import { projectRootOf } from './project-root';

/** What a task of `deploy` or `rollback` is about. */
interface DeploymentTask {
  /** The name that pyproject.toml gives. */
  readonly project: string;
  /** The stage, which is the configuration that the target is run with. */
  readonly stageName: string;
}

/** A task about a service. */
export interface ServiceTask extends DeploymentTask {
  readonly deployed: DeployedService;
}

/** A task about infrastructure code that is no service's. */
export interface StackTask extends DeploymentTask {
  readonly stack: Infrastructure;
}

/**
 * Reads which service a task is about, and which stage.
 *
 * @param context - Nx's
 * @returns both
 * @throws LambdaPyError where the project is no service
 */
export function readDeployedService(context: ExecutorContext): ServiceTask {
  const projectRoot = projectRootOf(context);
  const [kind] = infrastructureKindsOf(context.root, projectRoot);
  return serviceTask(context, readService(context.root, projectRoot), kind);
}

/**
 * Reads which service or stack a task is about, and which stage.
 *
 * @param context - Nx's
 * @returns both
 * @throws LambdaPyError where there is nothing to deploy
 */
export function readDeployable(
  context: ExecutorContext,
): ServiceTask | StackTask {
  const { root: workspaceRoot } = context;
  const projectRoot = projectRootOf(context);
  const pyproject = readPyproject(
    workspaceRoot,
    projectRoot === '.' ? 'pyproject.toml' : `${projectRoot}/pyproject.toml`,
  );
  const [kind] = infrastructureKindsOf(workspaceRoot, projectRoot);
  const service = describeService(pyproject);
  if (service !== undefined) return serviceTask(context, service, kind);
  const projectName = pyproject.project?.name;
  if (kind !== undefined && projectName !== undefined) {
    return {
      project: projectName,
      stageName: stageOf(context),
      stack: { workspaceRoot, project: { projectName, projectRoot }, kind },
    };
  }
  throw new LambdaPyError({
    file: pyproject.file,
    problem: 'the project is neither a service nor a stack',
    found: 'no handler in [tool.lambda-py], no infrastructure code in infra/',
    expected:
      'a handler, or infra/ with template.yaml (SAM), cdk.json (CDK) or *.tf (Terraform)',
    mend: `add one of them to ${projectRoot}`,
  });
}

function serviceTask(
  context: ExecutorContext,
  service: Service,
  kind: InfrastructureKind | undefined,
): ServiceTask {
  const { root: workspaceRoot, cwd } = context;
  return {
    project: service.projectName,
    stageName: stageOf(context),
    deployed: {
      workspaceRoot,
      cwd,
      service,
      ...(kind === undefined ? {} : { kind }),
    },
  };
}

function stageOf({ configurationName }: ExecutorContext): string {
  return configurationName ?? DEFAULT_STAGE;
}
