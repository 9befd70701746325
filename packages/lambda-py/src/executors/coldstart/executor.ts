import { logger } from '@nx/devkit';
import type { ExecutorContext } from '@nx/devkit';
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import {
  reportColdStart,
  requireInitBudget,
} from '../../cold-start/cold-start';
import { formatColdStart } from '../../cold-start/report';
import {
  checkDigest,
  manifestPathOf,
  readPackedFunction,
} from '../../runtime/artifact-manifest';
import { warnOfForeignCode } from '../../runtime/hints';
import { prepareFunction } from '../../runtime/invoke';
import { configureLocally } from '../../runtime/local-configuration';
import { findPackedLayers } from '../../runtime/packed-layers';
import { readService } from '../../workspace/service';
import { findArtifact, packCommand } from '../find-artifact';
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
    const { projectName, projectRoot } = service;
    const artifact = findArtifact(workspaceRoot, service, options.artifact);
    const packed = readPackedFunction(artifact, packCommand(service));
    const { handler, runtime, architecture } = packed;
    const { hint, ...configuration } = configureLocally(
      workspaceRoot,
      { projectName, projectRoot, handler },
      { envFile: options.envFile },
    );
    const prepared = await prepareFunction(
      workspaceRoot,
      artifact,
      {
        name: projectName,
        handler,
        runtime,
        ...configuration,
      },
      findPackedLayers(workspaceRoot, packed.layers),
    );
    checkDigest(
      artifact,
      prepared.artifact.sha256,
      packed,
      packCommand(service),
    );
    const entries = [prepared.artifact, ...prepared.layers].flatMap(
      ({ nativeEntries }) => nativeEntries,
    );
    const warning = warnOfForeignCode({ architecture, entries }, process.arch);
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
    requireInitBudget(report, projectRoot);
    return true;
  });
}
