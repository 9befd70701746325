import type { ExecutorContext } from '@nx/devkit';
import { deployCode } from '../../deployment/deploy-code';
import type { DeploymentOutcome } from '../../deployment/deploy-code';
import { deployStack } from '../../deployment/deploy-stack';
import { deployTemplate } from '../../deployment/deploy-template';
import { realEffects } from '../../deployment/effects';
import type { Effects } from '../../deployment/effects';
import { ensureEmulator, stopEmulator } from '../../deployment/emulator';
import type { DeploymentRecord } from '../../deployment/deployment-record';
import { notePlannedDeployments } from '../../deployment/run-summary/planned-deployments';
import { recordOutcome } from '../../deployment/record-outcome';
import { enterStage } from '../../deployment/stage';
import type { Stage } from '../../deployment/stage';
import { abortOnTermination } from '../abort-on-termination';
import { readDeployable } from '../deployed-project';
import type { ServiceTask, StackTask } from '../deployed-project';
import { deploymentLog, showRecord } from '../deployment-log';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import type { DeployExecutorSchema } from './schema';

/**
 * Deploys a service, or a stack that services share, to a stage, which is the configuration that the target is run with.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @returns no success where the stage refuses, AWS does, or the new version is unfit
 */
export default function deployExecutor(
  options: DeployExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(() =>
    abortOnTermination(async (signal) => {
      const { root: workspaceRoot } = context;
      const task = readDeployable(context);
      const { project, stageName } = task;
      const { taskGraph, targetName } = context;
      if (taskGraph !== undefined && targetName !== undefined) {
        notePlannedDeployments(workspaceRoot, taskGraph, targetName);
      }
      const isJson = options.json ?? false;
      const log = deploymentLog(isJson);
      if (options.stopEmulator === true) {
        const wasRunning = await stopEmulator(workspaceRoot);
        log(wasRunning ? 'the emulator has stopped' : 'no emulator is running');
        return true;
      }
      const endpoint =
        options.emulator === true
          ? await ensureEmulator(workspaceRoot, log)
          : undefined;
      const record = await recordOutcome(
        { workspaceRoot, project, stage: stageName, action: 'deploy' },
        () =>
          enterStage(stageName, options, {
            log,
            ...(endpoint === undefined ? {} : { endpoint }),
            ...(options.dryRun === true ? {} : { doing: `deploy ${project}` }),
          }),
        (stage) => deploy(task, options, stage, realEffects(log, signal)),
      );
      showRecord(record, isJson);
      if (endpoint !== undefined) {
        for (const line of describeCall(
          endpoint,
          projectRootOf(context),
          record,
        )) {
          log(line);
        }
      }
      return record.status !== 'rolled-back';
    }),
  );
}

/** A stack by its tool, a service by the strategy. */
function deploy(
  task: ServiceTask | StackTask,
  options: DeployExecutorSchema,
  stage: Stage,
  effects: Effects,
): Promise<DeploymentOutcome> {
  if ('stack' in task) return deployStack(task.stack, options, stage, effects);
  const strategy = options.strategy === 'code' ? deployCode : deployTemplate;
  return strategy(task.deployed, options, stage, effects);
}

/** How to call a function on the emulator. */
function describeCall(
  endpoint: string,
  projectRoot: string,
  { project, functionName, alias, status }: DeploymentRecord,
): readonly string[] {
  if (functionName === undefined || status === 'planned') return [];
  const qualifier = alias === undefined ? '' : `?Qualifier=${alias}`;
  return [
    `endpoint: ${endpoint}`,
    `call it:  curl '${endpoint}/2015-03-31/functions/${functionName}/invocations${qualifier}' --data @${projectRoot}/events/good.json`,
    `stop:     nx run ${project}:deploy:local --stopEmulator`,
  ];
}
