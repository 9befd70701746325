import { LambdaPyError, messageOf } from '../workspace/errors';
import { explainAwsError, withoutSecrets } from './aws-errors';
import type { DeploymentOutcome } from './deploy-code';
import { writeRecord } from './deployment-record';
import type { DeploymentRecord } from './deployment-record';
import type { Stage } from './stage';

/** Whose record it is. */
export interface RecordedTask {
  /** Absolute path. */
  readonly workspaceRoot: string;
  readonly project: string;
  readonly stage: string;
  readonly action: DeploymentRecord['action'];
}

/**
 * Runs a deployment or a rollback, and records what it came to, whether it succeeds or not.
 *
 * @param task - whose record it is
 * @param enter - enters the stage; nothing is recorded where it is refused
 * @param work - deploys
 * @returns the record
 * @throws what the work throws, without the secrets of the stage
 */
export async function recordOutcome(
  task: RecordedTask,
  enter: () => Promise<Stage>,
  work: (stage: Stage) => Promise<DeploymentOutcome>,
): Promise<DeploymentRecord> {
  const { workspaceRoot, project, action } = task;
  const stage = await enter();
  const known = {
    project,
    stage: task.stage,
    action,
    account: stage.identity.account,
    region: stage.settings.region,
  };
  const timed = (): { readonly time: string } => ({
    time: new Date().toISOString().replace(/\.\d+/, ''),
  });
  try {
    const record = { ...known, ...(await work(stage)), ...timed() };
    if (record.status !== 'planned') writeRecord(workspaceRoot, record);
    return record;
  } catch (error) {
    const explained = isAwsError(error)
      ? explainAwsError(error, `${action} ${project}`, stage.identity.secrets)
      : error;
    const reason = withoutSecrets(messageOf(explained), stage.identity.secrets);
    writeRecord(workspaceRoot, {
      ...known,
      status: 'failed',
      reason,
      ...timed(),
    });
    throw reason === messageOf(explained)
      ? explained
      : new LambdaPyError({ problem: reason });
  }
}

/** AWS's own, and those of the network: they are no defects of this product. */
function isAwsError(error: unknown): boolean {
  return (
    error instanceof Error &&
    ('$metadata' in error || 'code' in error || error.name === 'TimeoutError')
  );
}
