import type { ExecutorContext } from '@nx/devkit';
import { explainAwsError } from '../../deployment/aws-errors';
import { withFunction } from '../../deployment/deploy-code';
import { realEffects } from '../../deployment/effects';
import { ensureEmulator } from '../../deployment/emulator';
import { recordOutcome } from '../../deployment/record-outcome';
import { rollBackService } from '../../deployment/roll-back-service';
import { listForRollback } from '../../deployment/rollback';
import { formatVersions } from '../../deployment/version-table';
import { enterStage } from '../../deployment/stage';
import { abortOnTermination } from '../abort-on-termination';
import { readDeployedService } from '../deployed-project';
import { deploymentLog, showRecord } from '../deployment-log';
import { succeedOrReport } from '../succeed-or-report';
import type { RollbackExecutorSchema } from './schema';

/**
 * Points a service's alias at an earlier version, at once, or lists the versions.
 *
 * @param options - see schema.json
 * @param context - Nx's
 * @returns no success where the stage refuses, or there is no such version
 */
export default function rollbackExecutor(
  options: RollbackExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(() =>
    abortOnTermination(async (signal) => {
      const { root: workspaceRoot } = context;
      const { deployed, project, stageName } = readDeployedService(context);
      const isJson = options.json ?? false;
      const log = deploymentLog(isJson);
      const where =
        options.emulator === true
          ? { log, endpoint: await ensureEmulator(workspaceRoot, log) }
          : { log };
      if (options.list === true) {
        const stage = await enterStage(stageName, options, where);
        const versions = await withFunction(
          deployed,
          options,
          stage,
          listForRollback,
        ).catch((error: unknown) => {
          throw explainAwsError(
            error,
            `list the versions of ${project}`,
            stage.identity.secrets,
          );
        });
        process.stdout.write(
          isJson
            ? `${JSON.stringify(versions)}\n`
            : `${formatVersions(versions)}\n`,
        );
        return true;
      }
      const record = await recordOutcome(
        { workspaceRoot, project, stage: stageName, action: 'rollback' },
        () =>
          enterStage(stageName, options, {
            ...where,
            doing: `roll ${project} back`,
          }),
        (stage) =>
          rollBackService(deployed, options, stage, realEffects(log, signal)),
      );
      showRecord(record, isJson);
      return true;
    }),
  );
}
