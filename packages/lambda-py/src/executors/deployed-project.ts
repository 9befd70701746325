import type { ExecutorContext } from '@nx/devkit';
import type { DeployedService } from '../deployment/deploy-code';
import { DEFAULT_STAGE } from '../deployment/function-name';
import { infrastructureKindsOf } from '../workspace/infrastructure';
import { readService } from '../workspace/service';
import { projectRootOf } from './project-root';

/** What `deploy` and `rollback` are run on. */
export interface DeployedProject {
  readonly deployed: DeployedService;
  /** The name that pyproject.toml gives. */
  readonly project: string;
  /** The stage, which is the configuration that the target is run with. */
  readonly stageName: string;
}

/**
 * Reads which service a task is about, and which stage.
 *
 * @param context - Nx's
 * @returns both
 * @throws LambdaPyError where the project is no service
 */
export function readDeployedProject(context: ExecutorContext): DeployedProject {
  const { root: workspaceRoot, cwd } = context;
  const projectRoot = projectRootOf(context);
  const service = readService(workspaceRoot, projectRoot);
  const [kind] = infrastructureKindsOf(workspaceRoot, projectRoot);
  return {
    deployed: {
      workspaceRoot,
      cwd,
      service,
      ...(kind === undefined ? {} : { kind }),
    },
    project: service.projectName,
    stageName: context.configurationName ?? DEFAULT_STAGE,
  };
}
