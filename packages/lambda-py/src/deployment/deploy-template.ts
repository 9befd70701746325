import { LambdaPyError } from '../workspace/errors';
import { deployCode, withFunction } from './deploy-code';
import type {
  CodeOptions,
  DeployedService,
  DeploymentOutcome,
} from './deploy-code';
import { readCommit } from './commit';
import { deployInfrastructure } from './deploy-infrastructure';
import type { InfrastructureOptions } from './deploy-infrastructure';
import type { Effects } from './effects';
import { findPackedZip } from './packed-zip';
import type { Stage } from './stage';

/** The options of a deployment of infrastructure code. */
export interface TemplateOptions extends CodeOptions, InfrastructureOptions {}

/**
 * Deploys a service's infrastructure code, the packed zip with it, by the tool that it is written for.
 *
 * @param deployed - the service
 * @param options - how
 * @param stage - where
 * @param effects - waits, and tells the user
 * @returns for the record
 * @throws {@link LambdaPyError} when there is no infrastructure code, or the tool fails
 */
export async function deployTemplate(
  deployed: DeployedService,
  options: TemplateOptions,
  stage: Stage,
  effects: Effects,
): Promise<DeploymentOutcome> {
  const { workspaceRoot, service, kind } = deployed;
  const { projectName, projectRoot } = service;
  if (kind === undefined) {
    throw new LambdaPyError({
      file: `${projectRoot}/infra`,
      problem: 'there is no infrastructure code to deploy',
      expected: 'template.yaml (SAM), cdk.json (CDK) or *.tf (Terraform)',
      mend: `nx g lambda-py:service ${projectName} --infra=sam, or --strategy=code for a function that exists`,
    });
  }
  const zip = findPackedZip(
    workspaceRoot,
    service,
    `nx run ${projectName}:pack`,
  );
  const outcome = await deployInfrastructure(
    { workspaceRoot, project: service, kind },
    options,
    stage,
    effects.log,
  );
  if (kind === 'terraform' && outcome.status !== 'planned') {
    // Terraform has published the version and left the alias where it was.
    return {
      ...(await deployCode(deployed, options, stage, effects, outcome.version)),
      strategy: 'template',
    };
  }
  const commit = await readCommit(workspaceRoot);
  return {
    strategy: 'template',
    status: outcome.status,
    codeSha256: zip.codeSha256,
    ...(commit === undefined ? {} : { commit }),
    ...(outcome.status === 'planned'
      ? {}
      : await readAlias(deployed, options, stage)),
  };
}

/** What the record tells of the alias; nothing where the stack does not say which function it is. */
async function readAlias(
  deployed: DeployedService,
  options: TemplateOptions,
  stage: Stage,
): Promise<Partial<DeploymentOutcome>> {
  try {
    return await withFunction(deployed, options, stage, async (api) => {
      const alias = await api.readAlias();
      return {
        functionName: api.functionName,
        ...(alias === undefined
          ? {}
          : { alias: api.aliasName, version: alias.version }),
      };
    });
  } catch (error) {
    // The deployment is done: a template of the user's own need not name its function.
    if (error instanceof LambdaPyError) return {};
    throw error;
  }
}
