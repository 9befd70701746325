import { readEvent } from '../runtime/event';
import type { InfrastructureKind } from '../workspace/infrastructure';
import type { Service } from '../workspace/service';
import { connectToFunction } from './aws-function-api';
import { readCommit } from './commit';
import type { DeploymentRecord } from './deployment-record';
import type { Effects } from './effects';
import type { FunctionApi } from './function-api';
import { defaultStackName, findFunctionName } from './function-name';
import { checkFunctionArn } from './identity';
import { findPackedZip } from './packed-zip';
import { describeStep, planRelease } from './plan-release';
import { observeFunction } from './observe-function';
import { release } from './release';
import { parseShift } from './shift';
import type { Stage } from './stage';
import { provideCode } from './upload';

/** The options of a deployment of code alone, and of a rollback, that name the function. */
export interface FunctionOptions {
  readonly functionName?: string;
  readonly stackName?: string;
  readonly alias?: string;
}

/** The options of a deployment of code alone. */
export interface CodeOptions extends FunctionOptions {
  readonly bucket?: string;
  readonly shift?: string;
  readonly alarms?: readonly string[];
  readonly smokeEvent?: string;
  readonly dryRun?: boolean;
}

/** A service, and where it stands. */
export interface DeployedService {
  /** Absolute path. */
  readonly workspaceRoot: string;
  /** The folder that the user stands in: an absolute path. */
  readonly cwd: string;
  readonly service: Service;
  /** The first kind of its infrastructure code; none where it has none. */
  readonly kind?: InfrastructureKind;
}

/** The alias that the generated infrastructure makes. */
export const DEFAULT_ALIAS = 'live';

/** What a deployment adds to its record. */
export type DeploymentOutcome = Omit<
  DeploymentRecord,
  'project' | 'stage' | 'action' | 'time' | 'account' | 'region'
>;

/**
 * Works on a service's function, through a connection that is closed afterwards.
 *
 * @param deployed - the service
 * @param options - which function, which alias
 * @param stage - where it is
 * @param work - what to do
 * @returns what the work returns
 */
export async function withFunction<Result>(
  deployed: DeployedService,
  options: FunctionOptions,
  stage: Stage,
  work: (api: FunctionApi) => Promise<Result>,
): Promise<Result> {
  const { projectName } = deployed.service;
  const { kind } = deployed;
  const stackName =
    options.stackName ??
    (kind === 'sam' || kind === 'cdk'
      ? defaultStackName(projectName, stage.name, kind)
      : undefined);
  const functionName =
    options.functionName ??
    (await findFunctionName(projectName, stackName, stage.settings));
  const { api, close } = await connectToFunction(
    { functionName, aliasName: options.alias ?? DEFAULT_ALIAS },
    stage.settings,
  );
  try {
    return await work(api);
  } finally {
    close();
  }
}

/**
 * Deploys a service's packed zip to its function, which exists.
 *
 * @param deployed - the service
 * @param options - how
 * @param stage - where
 * @param effects - waits, and tells the user
 * @param publishedVersion - a version that was published already, to which the alias only has to go over
 * @returns for the record
 */
export async function deployCode(
  deployed: DeployedService,
  options: CodeOptions,
  stage: Stage,
  effects: Effects,
  publishedVersion?: string,
): Promise<DeploymentOutcome> {
  const { workspaceRoot, service } = deployed;
  const { projectName } = service;
  const zip = findPackedZip(
    workspaceRoot,
    service,
    `nx run ${projectName}:pack`,
  );
  const shift = parseShift(options.shift ?? 'AllAtOnce');
  const smokeEvent = readSmokeEvent(deployed, options.smokeEvent);
  const commit = await readCommit(workspaceRoot);
  return withFunction(deployed, options, stage, async (api) => {
    const observed = await observeFunction(api, effects);
    checkFunctionArn(observed.latest.arn, {
      account: stage.identity.account,
      region: stage.settings.region,
    });
    const request = {
      codeSha256: zip.codeSha256,
      zipBytes: zip.zipBytes,
      shift,
      hasSmoke: smokeEvent !== undefined,
      watch: {
        alarms: options.alarms ?? [],
        ...(smokeEvent === undefined ? {} : { smokeEvent }),
      },
      ...(commit === undefined ? {} : { commit }),
      ...(publishedVersion === undefined ? {} : { publishedVersion }),
      provideCode: (through: 'direct' | 's3') =>
        provideCode(zip, through, options.bucket, stage.settings),
    };
    const known = {
      functionName: api.functionName,
      alias: api.aliasName,
      codeSha256: zip.codeSha256,
      ...(commit === undefined ? {} : { commit }),
      strategy: 'code' as const,
    };
    if (options.dryRun === true) {
      const steps = planRelease(observed, request).map((step) =>
        describeStep(step, api),
      );
      for (const step of steps) effects.log(`would ${step}`);
      return { ...known, status: 'planned', steps };
    }
    return { ...known, ...(await release(api, request, observed, effects)) };
  });
}

function readSmokeEvent(
  { workspaceRoot, cwd, service }: DeployedService,
  event: string | undefined,
): string | undefined {
  if (event === undefined) return undefined;
  const { projectRoot } = service;
  return readEvent({ event }, { workspaceRoot, projectRoot, cwd });
}
