import type { DeploymentRecord } from '../deployment-record';
import type { PlannedDeployment } from './planned-deployments';

/** A deployment, or a rollback, that a run of Nx has run. */
export interface RanDeployment extends PlannedDeployment {
  readonly status: 'success' | 'failure' | 'stopped';
  readonly isDryRun: boolean;
  /** In ms since the epoch. */
  readonly startTime?: number;
  readonly endTime?: number;
}

/** How a deployment of a run ended. `skipped`: something that it waits for has failed. */
export type Outcome =
  | 'released'
  | 'unchanged'
  | 'taken back'
  | 'rolled back'
  | 'planned'
  | 'failed'
  | 'interrupted'
  | 'skipped';

/** What a run has done to one service or stack: a row of the table, and an entry for CI. */
export interface SummaryRow {
  readonly project: string;
  readonly stage: string;
  readonly outcome: Outcome;
  readonly strategy?: 'code' | 'template';
  readonly version?: string;
  readonly previous?: string;
  readonly commit?: string;
  readonly seconds?: number;
  readonly reason?: string;
}

/**
 * Says what a run of Nx has deployed.
 *
 * @param ran - what ran
 * @param planned - what was to run
 * @param recordOf - the record of a deployment, if it has left one in this run
 * @returns a row for each deployment, in the order of their names
 */
export function summariseRun(
  ran: readonly RanDeployment[],
  planned: readonly PlannedDeployment[],
  recordOf: (deployment: RanDeployment) => DeploymentRecord | undefined,
): readonly SummaryRow[] {
  const ids = new Set(ran.map(({ id }) => id));
  const skipped = planned.filter(({ id }) => !ids.has(id));
  return [
    ...ran.map((deployment) => rowOf(deployment, recordOf(deployment))),
    ...skipped.map(({ project, stage }): SummaryRow => ({
      project,
      stage: stage ?? NO_STAGE,
      outcome: 'skipped',
    })),
  ].sort((one, other) => (one.project < other.project ? -1 : 1));
}

const NO_STAGE = 'default';

function rowOf(
  deployment: RanDeployment,
  record: DeploymentRecord | undefined,
): SummaryRow {
  const { project, stage = NO_STAGE, startTime, endTime } = deployment;
  const { strategy, version, previous, commit, reason } = record ?? {};
  return {
    project,
    stage,
    outcome: outcomeOf(deployment, record),
    ...(strategy === undefined ? {} : { strategy }),
    ...(version === undefined ? {} : { version }),
    ...(previous === undefined ? {} : { previous }),
    ...(commit === undefined ? {} : { commit }),
    ...(reason === undefined ? {} : { reason }),
    ...(startTime === undefined || endTime === undefined
      ? {}
      : { seconds: Math.round((endTime - startTime) / 100) / 10 }),
  };
}

function outcomeOf(
  { status, isDryRun }: RanDeployment,
  record: DeploymentRecord | undefined,
): Outcome {
  if (status === 'stopped') return 'interrupted';
  if (record?.status === 'rolled-back') {
    return record.action === 'deploy' ? 'taken back' : 'rolled back';
  }
  if (status === 'failure') return 'failed';
  if (isDryRun) return 'planned';
  return record?.status ?? 'unchanged';
}
