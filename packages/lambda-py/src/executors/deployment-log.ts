import { logger } from './logger';
import type { DeploymentRecord } from '../deployment/deployment-record';

/**
 * Where the lines of a deployment go: with `--json`, stdout is the record's alone.
 *
 * @param isJson - the option
 * @returns takes a line
 */
export function deploymentLog(isJson: boolean): (line: string) => void {
  return isJson
    ? (line) => void process.stderr.write(`${line}\n`)
    : (line) => {
        logger.info(line);
      };
}

/**
 * Shows what a deployment or a rollback came to.
 *
 * @param record - its record
 * @param isJson - as one line of JSON on stdout
 */
export function showRecord(record: DeploymentRecord, isJson: boolean): void {
  if (isJson) {
    process.stdout.write(`${JSON.stringify(record)}\n`);
    return;
  }
  const { project, stage, status, version, previous, reason } = record;
  const place = `${project} on ${stage}`;
  const at = version === undefined ? '' : `, version ${version}`;
  if (status === 'rolled-back') {
    const isUndone = record.action === 'deploy';
    const line = `${place}: ${isUndone ? 'the new version is unfit and was taken back' : 'rolled back'}${at}${reason === undefined ? '' : `\n${reason}`}`;
    if (isUndone) logger.error(line);
    else logger.info(line);
    return;
  }
  const from =
    previous === undefined || previous === version ? '' : `, was ${previous}`;
  logger.info(`${place}: ${status}${at}${from}`);
}
