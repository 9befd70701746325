import { existsSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { logger } from '@nx/devkit';
import type { ExecutorContext } from '@nx/devkit';
import {
  checkDigest,
  readPackedFunction,
} from '../../runtime/artifact-manifest';
import { readEnvFile } from '../../runtime/env-file';
import { readEvent } from '../../runtime/event';
import { explainError, warnOfForeignCode } from '../../runtime/hints';
import { invokeFunction, prepareFunction } from '../../runtime/invoke';
import { findPackedLayers } from '../../runtime/packed-layers';
import { MEMORY_MB, TIMEOUT_SECONDS } from '../../runtime/lambda-limits';
import { LambdaPyError } from '../../workspace/errors';
import { readService } from '../../workspace/service';
import { abortOnTermination } from '../abort-on-termination';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import type { InvokeExecutorSchema } from './schema';

const DEFAULT_TIMEOUT_SECONDS = 30;
const DEFAULT_MEMORY_MB = 512;

/**
 * Runs a service's packed zip on one event, and shows what Lambda would show.
 *
 * Logs go to stderr as they come, the response alone to stdout.
 *
 * @param options - see schema.json
 * @param context - Nx's context; the target belongs to a service
 * @returns no success when the function fails, or cannot be invoked
 */
export default function invokeExecutor(
  options: InvokeExecutorSchema,
  context: ExecutorContext,
): Promise<{ success: boolean }> {
  return succeedOrReport(() =>
    abortOnTermination(async (signal) => {
      try {
        return await invokeService(options, context, signal);
      } catch (error) {
        // Whoever interrupted it knows.
        if (signal.aborted) return false;
        throw error;
      }
    }),
  );
}

async function invokeService(
  options: InvokeExecutorSchema,
  context: ExecutorContext,
  signal: AbortSignal,
): Promise<boolean> {
  const { root: workspaceRoot, cwd } = context;
  // The artifact has the name that pyproject.toml gives; a project.json may have renamed the Nx project.
  const { projectName, projectRoot } = readService(
    workspaceRoot,
    projectRootOf(context),
  );
  const timeoutSeconds = options.timeout ?? DEFAULT_TIMEOUT_SECONDS;
  const memoryMb = options.memory ?? DEFAULT_MEMORY_MB;
  checkRange('--timeout', timeoutSeconds, TIMEOUT_SECONDS, 'seconds');
  checkRange('--memory', memoryMb, MEMORY_MB, 'MB');
  const event = readEvent(
    {
      ...(options.event === undefined ? {} : { event: options.event }),
      ...(options.payload === undefined
        ? {}
        : { payload: textOf(options.payload) }),
    },
    { workspaceRoot, projectRoot, cwd },
  );
  const environment = readEnvFile(workspaceRoot, projectRoot, options.envFile);
  const artifact = findArtifact(
    options.artifact,
    workspaceRoot,
    projectRoot,
    projectName,
  );
  const packed = readPackedFunction(artifact, packCommand(projectName));
  const prepared = await prepareFunction(
    workspaceRoot,
    artifact,
    {
      name: projectName,
      handler: packed.handler,
      runtime: packed.runtime,
      memoryMb,
      timeoutSeconds,
      environment,
    },
    findPackedLayers(workspaceRoot, packed.layers),
  );
  checkDigest(
    artifact,
    prepared.artifact.sha256,
    packed,
    packCommand(projectName),
  );
  const native = {
    architecture: packed.architecture,
    entries: [prepared.artifact, ...prepared.layers].flatMap(
      ({ nativeEntries }) => nativeEntries,
    ),
  };
  const warning = warnOfForeignCode(native, process.arch);
  if (warning !== undefined) logger.warn(warning);
  const { payload, error } = await invokeFunction(prepared, {
    event,
    onLog: (text) => void process.stderr.write(text),
    signal,
  });
  process.stdout.write(`${formatPayload(payload, process.stdout.isTTY)}\n`);
  if (error === undefined) return true;
  const hint = explainError(error, native, process.arch);
  logger.error(
    `The function failed: ${error.errorType}${hint === undefined ? '' : `\n${hint}`}`,
  );
  return false;
}

function textOf(payload: string | number | boolean | object): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

function checkRange(
  option: string,
  value: number,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
  unit: string,
): void {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return;
  throw new LambdaPyError({
    location: option,
    problem: 'the value is out of range',
    found: String(value),
    expected: `a whole number of ${unit}, from ${minimum} to ${maximum}`,
    mend: `pass another ${option}`,
  });
}

function findArtifact(
  artifact: string | undefined,
  workspaceRoot: string,
  projectRoot: string,
  projectName: string,
): string {
  const path = resolve(
    workspaceRoot,
    artifact ?? join('dist', projectRoot, `${projectName}.zip`),
  );
  if (existsSync(path)) return path;
  throw new LambdaPyError({
    file: relative(workspaceRoot, path),
    problem: 'the artifact does not exist',
    mend: packCommand(projectName),
  });
}

function packCommand(projectName: string): string {
  return `nx run ${projectName}:pack`;
}

/**
 * Renders a function's response.
 *
 * @param payload - what it answered
 * @param isPretty - true for people, false for programs
 * @returns JSON, as it came or on many lines; a response that is no JSON as it came
 */
export function formatPayload(payload: Buffer, isPretty: boolean): string {
  const text = payload.toString('utf8');
  // A number of so many digits would not survive JavaScript's parser.
  if (!isPretty || /\d{16}/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
