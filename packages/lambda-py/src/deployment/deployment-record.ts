import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a deployment or a rollback came to: for CI, and for the summary of a run of many. */
export interface DeploymentRecord {
  readonly project: string;
  readonly stage: string;
  readonly action: 'deploy' | 'rollback';
  readonly strategy?: 'code' | 'template';
  /** `planned` is a dry run's. */
  readonly status:
    'released' | 'unchanged' | 'rolled-back' | 'failed' | 'planned';
  readonly account?: string;
  readonly region?: string;
  readonly functionName?: string;
  readonly alias?: string;
  readonly version?: string;
  readonly previous?: string;
  readonly commit?: string;
  readonly codeSha256?: string;
  /** ISO 8601, in UTC. */
  readonly time: string;
  readonly steps?: readonly string[];
  readonly reason?: string;
}

/** The folder of the records, relative to the workspace root. Not in the output of `pack`, which Nx empties. */
export const RECORDS_FOLDER = 'dist/deployments';

/**
 * Where a record stands.
 *
 * @param record - the record's stage and project
 * @returns a path relative to the workspace root
 */
export function recordPath({
  stage,
  project,
}: Pick<DeploymentRecord, 'stage' | 'project'>): string {
  // A stage may be several configurations, joined by commas, or have any other name.
  const folder = encodeURIComponent(stage).replaceAll('.', '%2E');
  return `${RECORDS_FOLDER}/${folder}/${project}.json`;
}

/**
 * Writes the record of the latest deployment to a stage. It appears whole or not at all.
 *
 * @param workspaceRoot - absolute path
 * @param record - the record
 */
export function writeRecord(
  workspaceRoot: string,
  record: DeploymentRecord,
): void {
  const path = join(workspaceRoot, recordPath(record));
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(record, undefined, 2)}\n`);
  renameSync(beside, path);
}
