import { setTimeout as delay } from 'node:timers/promises';
import { deployCode } from '../../../packages/lambda-py/src/deployment/deploy-code';
import type { DeployedService } from '../../../packages/lambda-py/src/deployment/deploy-code';
import type { DeploymentRecord } from '../../../packages/lambda-py/src/deployment/deployment-record';
import type { Effects } from '../../../packages/lambda-py/src/deployment/effects';
import {
  checkAccount,
  readIdentity,
} from '../../../packages/lambda-py/src/deployment/identity';
import { recordOutcome } from '../../../packages/lambda-py/src/deployment/record-outcome';
import { rollBackService } from '../../../packages/lambda-py/src/deployment/roll-back-service';
import { readService } from '../../../packages/lambda-py/src/workspace/service';

/** A deployment of code, or a rollback, as the executors make it: plain data, for a process of its own too. */
export interface DeploymentJob {
  readonly action: 'deploy' | 'rollback';
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly projectRoot: string;
  readonly stackName: string;
  readonly endpoint: string;
  /** The account of the stage. */
  readonly account: string;
  readonly maxAttempts: number;
  readonly requestTimeoutMs: number;
}

/**
 * Deploys or rolls back, with every step that `deploy` and `rollback` take, but with clients that lose patience sooner.
 *
 * @param job - what to do
 * @returns the record
 */
export function runJob(job: DeploymentJob): Promise<DeploymentRecord> {
  const { workspaceRoot, projectRoot, account, stackName, action } = job;
  const service = readService(workspaceRoot, projectRoot);
  const deployed: DeployedService = {
    workspaceRoot,
    cwd: workspaceRoot,
    service,
  };
  const { endpoint, maxAttempts, requestTimeoutMs } = job;
  const region = 'us-east-1';
  const settings = { region, endpoint, maxAttempts, requestTimeoutMs };
  const effects = hurriedEffects();
  return recordOutcome(
    { workspaceRoot, project: service.projectName, stage: 'test', action },
    async () => {
      const identity = await readIdentity(settings);
      checkAccount(identity, { name: 'test', account });
      return { name: 'test', settings, identity };
    },
    (stage) =>
      action === 'rollback'
        ? rollBackService(deployed, { stackName }, stage, effects)
        : deployCode(
            deployed,
            {
              stackName,
              shift: 'Canary50Percent10Seconds',
              smokeEvent: 'good',
              alarms: ['errors'],
            },
            stage,
            effects,
          ),
  );
}

/** Nobody waits for the seconds of a shift. */
function hurriedEffects(): Effects {
  let ahead = 0;
  return {
    log: () => undefined,
    sleep: async (milliseconds) => {
      ahead += milliseconds;
      // The emulator takes half a second over an update.
      await delay(100);
    },
    now: () => Date.now() + ahead,
    checkInterrupted: () => undefined,
  };
}
