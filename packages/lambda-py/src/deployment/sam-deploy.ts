import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInfrastructureTools } from '../toolchain/infrastructure/tools';
import {
  INFRASTRUCTURE_FOLDER,
  SAM_TEMPLATES,
} from '../workspace/infrastructure';
import { withManagedBucket } from './sam-bucket';
import { makeEmulatorBucket } from './upload';
import { deployEnvironment } from './aws-environment';
import { localSamTemplate } from './local-template';
import { runDeployTool } from './template-deployment';
import type {
  TemplateDeployment,
  TemplateOutcome,
} from './template-deployment';

/**
 * Deploys a project's SAM template, where a service's names the packed zip: `sam build` has nothing to do.
 *
 * @param deployment - the project, and where it goes
 * @returns what was done
 * @throws {@link LambdaPyError} when `sam deploy` fails
 */
export async function deploySam(
  deployment: TemplateDeployment,
): Promise<TemplateOutcome> {
  const { workspaceRoot, project, settings, dryRun, log } = deployment;
  const folder = join(
    workspaceRoot,
    project.projectRoot,
    INFRASTRUCTURE_FOLDER,
  );
  const own =
    SAM_TEMPLATES.map((name) => join(folder, name)).find((path) =>
      existsSync(path),
    ) ?? '';
  if (dryRun) {
    // SAM has no plan that changes nothing: even a change set that is not executed uploads the zip.
    log(`would run: sam ${samArguments(deployment, own).join(' ')}`);
    return { status: 'planned' };
  }
  const tools = await ensureInfrastructureTools(workspaceRoot, 'sam');
  const env = deployEnvironment(settings, tools);
  const { endpoint } = settings;
  const template =
    endpoint === undefined
      ? own
      : await localSamTemplate(workspaceRoot, project, own, tools);
  const bucket =
    deployment.bucket ??
    (endpoint === undefined ? undefined : await makeEmulatorBucket(settings));
  const deploy = (): Promise<string> =>
    runDeployTool(
      deployment,
      join(tools.executables, 'sam'),
      samArguments(
        { ...deployment, ...(bucket === undefined ? {} : { bucket }) },
        template,
      ),
      { cwd: workspaceRoot, env },
    );
  const output =
    bucket === undefined
      ? await withManagedBucket(workspaceRoot, settings, deploy)
      : await deploy();
  return {
    status: output.includes('No changes to deploy') ? 'unchanged' : 'released',
  };
}

/**
 * The arguments of `sam` for a deployment.
 *
 * @param deployment - the project, and where it goes
 * @param template - the path of the template
 * @returns the arguments
 */
export function samArguments(
  { project, stackName, settings, bucket, parameters }: TemplateDeployment,
  template: string,
): string[] {
  const overrides = Object.entries(parameters).map(
    ([name, value]) => `${name}=${quoted(value)}`,
  );
  return [
    ...['deploy', '--template-file', template, '--stack-name', stackName],
    ...['--region', settings.region, '--no-progressbar'],
    ...['--no-confirm-changeset', '--no-fail-on-empty-changeset'],
    ...['--capabilities', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
    ...(bucket === undefined
      ? ['--resolve-s3']
      : [
          ...['--s3-bucket', bucket],
          ...['--s3-prefix', `lambda-py/${project.projectName}`],
        ]),
    ...(overrides.length === 0 ? [] : ['--parameter-overrides', ...overrides]),
  ];
}

/** SAM takes each override apart again, at spaces that are not in quotes. */
function quoted(value: string): string {
  return `"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
