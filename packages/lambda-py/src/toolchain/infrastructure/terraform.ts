import { join } from 'node:path';
import { makeCacheFolder } from '../../workspace/cache-folder';
import { LambdaPyError } from '../../workspace/errors';
import { INFRASTRUCTURE_FOLDER } from '../../workspace/infrastructure';
import { runProcess } from '../../workspace/process';
import { passes, toolEnvironment } from './check';
import type { InfrastructureCheck } from './check';
import { ensureInfrastructureTools, INFRASTRUCTURE_FILES } from './tools';

/**
 * Checks a service's Terraform files: syntax, least privilege and the function everywhere; with `terraform validate`
 * where a terraform is installed.
 *
 * @param check - the service; told what was not checked where there is no terraform
 * @returns true when nothing was found
 * @throws {@link LambdaPyError} when terraform cannot get the providers, without which it checks nothing
 */
export async function checkTerraform(
  check: InfrastructureCheck,
): Promise<boolean> {
  const { workspaceRoot, service, warn } = check;
  const tools = await ensureInfrastructureTools(workspaceRoot, 'sam');
  const folder = join(service.projectRoot, INFRASTRUCTURE_FOLDER);
  const { handler, runtime, architecture } = service;
  const isClean = await passes(
    join(
      tools.executables,
      process.platform === 'win32' ? 'python.exe' : 'python',
    ),
    [
      join(INFRASTRUCTURE_FILES, 'terraform_check.py'),
      ...[folder, handler, runtime.identifier, architecture],
    ],
    { cwd: workspaceRoot, env: toolEnvironment(tools) },
  );
  if (!isClean) return false;
  const cwd = join(workspaceRoot, folder);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    CHECKPOINT_DISABLE: '1',
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    // Beside the sources it would be an input of other targets.
    TF_DATA_DIR: join(
      makeCacheFolder(workspaceRoot),
      'terraform',
      service.projectName,
    ),
  };
  if (!(await isInstalled(cwd))) {
    warn(
      `${folder}: not checked: types, arguments and references, since no terraform is installed (https://developer.hashicorp.com/terraform/install)`,
    );
    return true;
  }
  const isFormatted = await passes(
    'terraform',
    ['fmt', '-check', '-diff', '-no-color'],
    { cwd, env },
  );
  await initialise(folder, cwd, env);
  const isValid = await passes('terraform', ['validate', '-no-color'], {
    cwd,
    env,
  });
  return isFormatted && isValid;
}

async function isInstalled(cwd: string): Promise<boolean> {
  try {
    const { exitCode } = await runProcess('terraform', ['version'], { cwd });
    return exitCode === 0;
  } catch {
    // No such program.
    return false;
  }
}

/** Gets the providers, which hold what arguments there are, and leaves any state alone. */
async function initialise(
  folder: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { exitCode, stderr } = await runProcess(
    'terraform',
    ['init', '-backend=false', '-input=false', '-no-color'],
    { cwd, env },
  );
  if (exitCode === 0) return;
  throw new LambdaPyError({
    file: folder,
    problem:
      '"terraform init" could not get the providers, without which terraform checks nothing',
    found: stderr.trim(),
    mend: 'make the registry reachable, or name a mirror in the CLI configuration (https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation)',
  });
}
