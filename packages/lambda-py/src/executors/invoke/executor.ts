import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { readEvent, readStdin, STDIN } from '../../runtime/event';
import { findArtifact } from '../../runtime/find-artifact';
import { explainError, warnOfForeignCode } from '../../runtime/hints';
import { openArtifact } from '../../runtime/open-artifact';
import { formatResult } from '../../runtime/result-json';
import { invokeSeries } from '../../runtime/series';
import type { Series } from '../../runtime/series';
import { formatStatistics } from '../../runtime/statistics';
import { LambdaPyError } from '../../workspace/errors';
import { readService } from '../../workspace/service';
import type { Service } from '../../workspace/service';
import { abortOnTermination } from '../abort-on-termination';
import { projectRootOf } from '../project-root';
import { succeedOrReport } from '../succeed-or-report';
import type { InvokeExecutorSchema } from './schema';

/**
 * Runs a service's packed zip on one event, and shows what Lambda would show.
 *
 * Logs go to stderr as they come, the response alone to stdout; with `json` one line of JSON goes to stdout, and no logs.
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
  const { root: workspaceRoot } = context;
  // The artifact has the name that pyproject.toml gives; a project.json may have renamed the Nx project.
  const service = readService(workspaceRoot, projectRootOf(context));
  const repeat = countOf('--repeat', options.repeat);
  const coldStarts = countOf('--coldStarts', options.coldStarts);
  const event = await eventOf(options, service, context);
  const opened = await openArtifact(
    workspaceRoot,
    service,
    findArtifact(workspaceRoot, service, options.artifact),
    options,
  );
  const { prepared, native } = opened;
  if (opened.hint !== undefined) logger.warn(opened.hint);
  const warning = warnOfForeignCode(native, process);
  if (warning !== undefined) logger.warn(warning);
  const series = await invokeSeries(prepared, {
    event,
    repeat,
    coldStarts,
    signal,
    ...(options.json === true
      ? {}
      : { onLog: (text: string) => void process.stderr.write(text) }),
  });
  show(series, options.json === true, repeat * coldStarts > 1);
  const { error } = series.shown;
  if (error === undefined) return true;
  const hint = explainError(error, native, process, service);
  logger.error(
    `The function failed: ${error.errorType}${hint === undefined ? '' : `\n${hint}`}`,
  );
  return false;
}

async function eventOf(
  options: InvokeExecutorSchema,
  { projectRoot }: Service,
  { root: workspaceRoot, cwd }: ExecutorContext,
): Promise<string> {
  const { event, payload } = options;
  const isStdin = event === STDIN && payload === undefined;
  return readEvent(
    {
      ...(event === undefined ? {} : { event }),
      ...(payload === undefined ? {} : { payload: textOf(payload) }),
    },
    { workspaceRoot, projectRoot, cwd },
    isStdin ? await readStdin() : undefined,
  );
}

function show(series: Series, isJson: boolean, isMany: boolean): void {
  const { shown, statistics } = series;
  if (isJson) {
    const result = formatResult(shown, isMany ? statistics : undefined);
    process.stdout.write(`${result}\n`);
    return;
  }
  process.stdout.write(
    `${formatPayload(shown.payload, process.stdout.isTTY)}\n`,
  );
  if (isMany) process.stderr.write(`${formatStatistics(statistics)}\n`);
}

function textOf(payload: string | number | boolean | object): string {
  return typeof payload === 'string' ? payload : JSON.stringify(payload);
}

function countOf(option: string, count = 1): number {
  if (Number.isInteger(count) && count >= 1) return count;
  throw new LambdaPyError({
    location: option,
    problem: 'the value is out of range',
    found: String(count),
    expected: 'a whole number, 1 or more',
    mend: `pass another ${option}`,
  });
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
