import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { checkCdk } from '../../toolchain/infrastructure/cdk';
import { checkSam } from '../../toolchain/infrastructure/sam';
import { checkTerraform } from '../../toolchain/infrastructure/terraform';
import { LambdaPyError } from '../../workspace/errors';
import { infrastructureKindsOf } from '../../workspace/infrastructure';
import { readService } from '../../workspace/service';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';

const CHECKS = { sam: checkSam, cdk: checkCdk, terraform: checkTerraform };

/**
 * Checks a service's infrastructure code, of every kind that it has, without AWS.
 *
 * @param _ - the executor has no options
 * @param context - Nx's
 * @returns whether nothing was found
 */
export default function validateExecutor(
  _: unknown,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(async () => {
    const workspaceRoot = context.root;
    const projectRoot = projectRootOf(context);
    const service = readService(workspaceRoot, projectRoot);
    const kinds = infrastructureKindsOf(workspaceRoot, projectRoot);
    if (kinds.length === 0) {
      throw new LambdaPyError({
        file: `${projectRoot}/infra`,
        problem: 'there is no infrastructure code to check',
        expected: 'template.yaml (SAM), cdk.json (CDK) or *.tf (Terraform)',
        mend: `nx g lambda-py:service ${service.projectName} --infra=sam`,
      });
    }
    const results: boolean[] = [];
    for (const kind of kinds) {
      results.push(
        await CHECKS[kind]({ workspaceRoot, service, warn: logger.warn }),
      );
    }
    return results.every(Boolean);
  });
}
