import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { readFileSync } from 'node:fs';
import { v } from '../../workspace/validation';
import {
  reportColdStart,
  requireInitBudget,
} from '../../cold-start/cold-start';
import { formatColdStart } from '../../cold-start/report';
import { manifestPathOf } from '../../runtime/artifact-manifest';
import { findArtifact } from '../../runtime/find-artifact';
import { warnOfForeignCode } from '../../runtime/hints';
import { openArtifact } from '../../runtime/open-artifact';
import { readService } from '../../workspace/service';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import type { ColdstartExecutorSchema } from './schema';

const DEFAULT_RUNS = 10;

const manifestSchema = v.object({
  bytecodePython: v.optional(v.string()),
  distributions: v.optional(
    v.array(v.object({ name: v.string(), local: v.boolean() })),
    [],
  ),
});

/**
 * Measures the initialisation of a service's packed zip, and checks its budget.
 *
 * @param options - see schema.json
 * @param context - Nx's context; the target belongs to a service
 * @returns no success when the function cannot be initialised, or is over its budget
 */
export default function coldstartExecutor(
  options: ColdstartExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(async () => {
    const { root: workspaceRoot } = context;
    const service = readService(workspaceRoot, projectRootOf(context));
    const artifact = findArtifact(workspaceRoot, service, options.artifact);
    const { prepared, native, hint } = await openArtifact(
      workspaceRoot,
      service,
      artifact,
      { envFile: options.envFile },
    );
    const warning = warnOfForeignCode(native, process);
    const isJson = options.json ?? false;
    for (const told of [hint, warning])
      if (told !== undefined) process.stderr.write(`${told}\n`);
    const report = await reportColdStart({
      workspaceRoot,
      service,
      prepared,
      manifest: v.parse(
        manifestSchema,
        JSON.parse(readFileSync(manifestPathOf(artifact), 'utf8')),
      ),
      runs: options.runs ?? DEFAULT_RUNS,
    });
    const text = [...formatColdStart(report), '', report.page].join('\n');
    if (isJson) {
      process.stderr.write(`${text}\n`);
      process.stdout.write(`${JSON.stringify(report)}\n`);
    } else {
      logger.info(text);
    }
    requireInitBudget(report, service.projectRoot);
    return true;
  });
}
