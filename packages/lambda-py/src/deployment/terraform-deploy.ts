import { join } from 'node:path';
import { makeCacheFolder } from '../workspace/cache-folder';
import { LambdaPyError } from '../workspace/errors';
import { INFRASTRUCTURE_FOLDER } from '../workspace/infrastructure';
import { runProcess } from '../workspace/process';
import { deployEnvironment } from './aws-environment';
import { DEFAULT_STAGE } from './function-name';
import { runDeployTool } from './template-deployment';
import type {
  TemplateDeployment,
  TemplateOutcome,
} from './template-deployment';

/**
 * Applies a project's Terraform files, in a Terraform workspace of the stage's name: stages never share a state.
 *
 * @param deployment - the project, and where it goes
 * @returns what was done, with the version that was published: Terraform leaves the alias alone
 * @throws {@link LambdaPyError} when there is no terraform, or it fails
 */
export async function deployTerraform(
  deployment: TemplateDeployment,
): Promise<TemplateOutcome> {
  const { workspaceRoot, project, stage, parameters, dryRun } = deployment;
  const cwd = join(workspaceRoot, project.projectRoot, INFRASTRUCTURE_FOLDER);
  const stageName =
    stage === DEFAULT_STAGE ? 'default' : encodeURIComponent(stage);
  const env = {
    ...deployEnvironment(deployment.settings),
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    // That of `validate` knows no backend, and those of two stages are in different workspaces.
    TF_DATA_DIR: join(
      makeCacheFolder(workspaceRoot),
      'terraform-deploy',
      project.projectName,
      stageName,
    ),
  };
  await requireTerraform(cwd, env);
  const terraform = (...args: readonly string[]): Promise<string> =>
    runDeployTool(deployment, 'terraform', args, { cwd, env });
  const variables = Object.entries(parameters).map(
    ([name, value]) => `-var=${name}=${value}`,
  );
  await terraform('init', '-input=false', '-no-color');
  await terraform('workspace', 'select', '-or-create', stageName);
  if (dryRun) {
    await terraform('plan', '-input=false', '-no-color', ...variables);
    return { status: 'planned' };
  }
  await terraform(
    ...['apply', '-auto-approve', '-input=false', '-no-color'],
    ...variables,
  );
  const { exitCode, stdout } = await runProcess(
    'terraform',
    ['output', '-raw', '-no-color', 'version'],
    { cwd, env },
  );
  const version = stdout.trim();
  return {
    status: 'released',
    ...(exitCode === 0 && /^\d+$/.test(version) ? { version } : {}),
  };
}

async function requireTerraform(
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  try {
    const { exitCode } = await runProcess('terraform', ['version'], {
      cwd,
      env,
    });
    if (exitCode === 0) return;
  } catch {
    // No such program.
  }
  throw new LambdaPyError({
    problem: 'no terraform is installed',
    expected: 'terraform 1.9 or later on PATH',
    mend: 'install it: https://developer.hashicorp.com/terraform/install',
  });
}
