import type { PostTasksExecutionContext } from '@nx/devkit';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { warnDuringGraphCreation } from '../../graph/nx-internal';
import { readPyproject } from '../../workspace/pyproject';
import { RECORDS_FOLDER, recordPath } from '../deployment-record';
import type { DeploymentRecord } from '../deployment-record';
import { findPlannedDeployments } from './planned-deployments';
import { summariseRun } from './summary';
import type { RanDeployment } from './summary';
import { formatSummary } from './summary-table';

/** The summary of the last run, for CI: a path relative to the workspace root. */
export const SUMMARY_FILE = `${RECORDS_FOLDER}/summary.json`;

/**
 * Says what a run of Nx has deployed: to the user as a table, where there was more than one deployment, and to CI as a
 * file.
 *
 * @param context - Nx's
 * @param targets - the names of the targets that deploy and roll back
 */
export function writeRunSummary(
  { workspaceRoot, taskResults, startTime, endTime }: PostTasksExecutionContext,
  targets: readonly string[],
): void {
  const ran = Object.values(taskResults)
    .filter(({ task }) => targets.includes(task.target.target))
    .map(({ task, status }): RanDeployment => ({
      id: task.id,
      project: task.target.project,
      target: task.target.target,
      status: status === 'success' || status === 'stopped' ? status : 'failure',
      isDryRun: task.overrides['dryRun'] === true,
      ...(task.target.configuration === undefined
        ? {}
        : { stage: task.target.configuration }),
      ...(task.projectRoot === undefined
        ? {}
        : { projectRoot: task.projectRoot }),
      ...(task.startTime === undefined ? {} : { startTime: task.startTime }),
      ...(task.endTime === undefined ? {} : { endTime: task.endTime }),
    }));
  const rows = summariseRun(
    ran,
    findPlannedDeployments(
      workspaceRoot,
      ran.map(({ id }) => id),
      startTime,
    ),
    (deployment) => readRecord(workspaceRoot, deployment, startTime),
  );
  const summary = {
    startTime: new Date(startTime).toISOString(),
    endTime: new Date(endTime).toISOString(),
    deployments: rows,
  };
  const path = join(workspaceRoot, SUMMARY_FILE);
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}`;
  writeFileSync(beside, `${JSON.stringify(summary, undefined, 2)}\n`);
  renameSync(beside, path);
  if (rows.length > 1) warnDuringGraphCreation(`\n${formatSummary(rows)}\n`);
}

/** The record that a deployment has left, where it did so in this run. */
function readRecord(
  workspaceRoot: string,
  { project, projectRoot, stage = 'default' }: RanDeployment,
  since: number,
): DeploymentRecord | undefined {
  try {
    const path = recordPath({
      stage,
      project: nameOf(workspaceRoot, projectRoot) ?? project,
    });
    const record = JSON.parse(
      readFileSync(join(workspaceRoot, path), 'utf8'),
    ) as DeploymentRecord;
    // A record has whole seconds.
    return Date.parse(record.time) >= Math.floor(since / 1000) * 1000
      ? record
      : undefined;
  } catch {
    return undefined;
  }
}

/** A record has the name that pyproject.toml gives, which Nx's may differ from. */
function nameOf(
  workspaceRoot: string,
  projectRoot: string | undefined,
): string | undefined {
  if (projectRoot === undefined) return undefined;
  return readPyproject(
    workspaceRoot,
    projectRoot === '.' ? 'pyproject.toml' : `${projectRoot}/pyproject.toml`,
  ).project?.name;
}
