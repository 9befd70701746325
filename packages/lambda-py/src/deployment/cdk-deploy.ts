import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  cdkEnvironment,
  findCdkToolkit,
} from '../toolchain/infrastructure/cdk';
import { ensureInfrastructureTools } from '../toolchain/infrastructure/tools';
import { INFRASTRUCTURE_FOLDER } from '../workspace/infrastructure';
import { deployEnvironment } from './aws-environment';
import { withEmulatorLock } from './emulator';
import { stripAssembly } from './local-template';
import { runDeployTool } from './template-deployment';
import type {
  TemplateDeployment,
  TemplateOutcome,
} from './template-deployment';

/**
 * Deploys a project's CDK app: all of its stacks.
 *
 * @param deployment - the project, and where it goes
 * @returns what was done
 * @throws {@link LambdaPyError} when the workspace has no toolkit, or `cdk deploy` fails
 */
export async function deployCdk(
  deployment: TemplateDeployment,
): Promise<TemplateOutcome> {
  const { workspaceRoot, project, settings, parameters, dryRun } = deployment;
  const toolkit = findCdkToolkit(workspaceRoot);
  const tools = await ensureInfrastructureTools(workspaceRoot, 'cdk');
  const output = mkdtempSync(join(tmpdir(), 'lambda-py-cdk-'));
  const cdk = (...args: readonly string[]): Promise<string> =>
    runDeployTool(
      deployment,
      process.execPath,
      [toolkit, ...args, '--no-notices', '--no-color'],
      {
        cwd: join(workspaceRoot, project.projectRoot, INFRASTRUCTURE_FOLDER),
        env: cdkEnvironment(deployEnvironment(settings, tools)),
      },
    );
  try {
    const context = Object.entries(parameters).flatMap(([name, value]) => [
      '--context',
      `${name}=${value}`,
    ]);
    if (dryRun) {
      await cdk('diff', '--all', '--output', output, ...context);
      return { status: 'planned' };
    }
    await cdk('synth', '--all', '--quiet', '--output', output, ...context);
    if (settings.endpoint !== undefined) {
      stripAssembly(output);
      await withEmulatorLock(workspaceRoot, () =>
        cdk('bootstrap', `aws://${EMULATOR_ACCOUNT}/${settings.region}`),
      );
    }
    const printed = await cdk(
      ...['deploy', '--all', '--app', output],
      ...['--require-approval', 'never', '--progress', 'events', '--ci'],
    );
    return {
      status: printed.includes('(no changes)') ? 'unchanged' : 'released',
    };
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

/** The emulator's account, whatever the credentials. */
const EMULATOR_ACCOUNT = '000000000000';
