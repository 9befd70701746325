import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Runtime } from '../workspace/runtimes';
import { unpackArtifact } from './artifact-folder';
import type { ArtifactFolder } from './artifact-folder';
import type { FunctionConfiguration } from './function-environment';
import { timeoutError } from './function-error';
import type { FunctionError } from './function-error';
import { failedAnswer, FunctionInstance } from './function-instance';
import type { InstanceAnswer } from './function-instance';
import { INIT_LIMIT_MS } from './lambda-limits';
import { LogCollector } from './log-stream';
import type { LogSink } from './log-stream';
import { logEnd } from './invocation-log';
import { billedDuration } from './report';
import type { InvocationFigures } from './report';
import { provideRuntimeClient } from './runtime-client';
import type { RuntimeClient } from './runtime-client';

/** A packed function that is ready to be started. */
export interface PreparedFunction {
  readonly configuration: FunctionConfiguration;
  readonly artifact: ArtifactFolder;
  /** In the order in which Lambda lays them over each other. */
  readonly layers: readonly ArtifactFolder[];
  readonly runtimeClient: RuntimeClient;
}

/** One event for a packed function, in a fresh execution environment. */
export interface InvocationOptions {
  /** JSON text, 6 MB at most. */
  readonly event: string;
  /** The client context of a mobile client, as JSON. */
  readonly clientContext?: string;
  /** Takes the logs as they come. */
  readonly onLog?: LogSink;
  /** Ends the invocation, and kills all that it started. */
  readonly signal?: AbortSignal;
  /** How long the init phase may take, in ms; Lambda's {@link INIT_LIMIT_MS} when left out. */
  readonly initLimitMs?: number;
}

/** An invocation, from start to finish. */
export interface Invocation extends InvocationFigures {
  /** What Lambda's client gets: the response, or the error as JSON. */
  readonly payload: Buffer;
  readonly contentType: string;
  /** Missing where the function succeeded. */
  readonly error?: FunctionError;
  /** The latest logs, the platform's lines among them. */
  readonly logs: string;
}

/**
 * Unpacks an artifact and provides what it runs in. Both are kept in the workspace's cache.
 *
 * @param workspaceRoot - absolute path
 * @param artifact - the zip's absolute path
 * @param configuration - the function
 * @param layers - the absolute paths of its layers' zips, in the order in which Lambda lays them over each other
 * @returns what {@link invokeFunction} needs
 * @throws {@link LambdaPyError} when the zip is damaged, or its Python version is not on this machine
 */
export async function prepareFunction(
  workspaceRoot: string,
  artifact: string,
  configuration: FunctionConfiguration,
  layers: readonly string[] = [],
): Promise<PreparedFunction> {
  const { pythonVersion }: Runtime = configuration.runtime;
  return {
    configuration,
    runtimeClient: await provideRuntimeClient(workspaceRoot, pythonVersion),
    artifact: unpackArtifact(workspaceRoot, artifact),
    layers: layers.map((layer) => unpackArtifact(workspaceRoot, layer)),
  };
}

/**
 * Invokes a packed function once, in an execution environment of its own, and leaves nothing behind.
 *
 * @param prepared - from {@link prepareFunction}
 * @param options - see {@link InvocationOptions}
 * @returns the invocation: a function error is a result, not an exception
 * @throws the signal's reason when it is aborted
 */
export async function invokeFunction(
  prepared: PreparedFunction,
  options: InvocationOptions,
): Promise<Invocation> {
  const logs = new LogCollector(options.onLog);
  const requestId = randomUUID();
  const { memoryMb } = prepared.configuration;
  const run = await runPhases({ prepared, options, logs, requestId });
  const figures = {
    requestId,
    ...(run.initDurationMs === undefined
      ? {}
      : { initDurationMs: run.initDurationMs }),
    durationMs: run.durationMs,
    billedDurationMs: billedDuration(run.durationMs, run.initDurationMs),
    memoryMb,
    maxMemoryUsedMb: run.maxMemoryUsedMb,
  };
  logEnd(logs, prepared.configuration, figures, run.error);
  return {
    ...figures,
    payload: run.payload,
    contentType: run.contentType,
    ...(run.error === undefined ? {} : { error: run.error }),
    logs: logs.text,
  };
}

interface Run extends InstanceAnswer {
  readonly initDurationMs?: number;
  readonly maxMemoryUsedMb: number;
}

interface Task {
  readonly prepared: PreparedFunction;
  readonly options: InvocationOptions;
  readonly logs: LogCollector;
  readonly requestId: string;
}

/** The init phase and the invoke phase; where the first takes too long it is repeated in the second, as Lambda does. */
async function runPhases(task: Task): Promise<Run> {
  const { prepared, options, logs, requestId } = task;
  const { timeoutSeconds } = prepared.configuration;
  const initLimitMs = options.initLimitMs ?? INIT_LIMIT_MS;
  const first = await runInstance(task, initLimitMs, 'init');
  if ('payload' in first) return first;
  logs.writeLine(
    `INIT_REPORT Init Duration: ${initLimitMs.toFixed(2)} ms\tPhase: init\tStatus: timeout`,
  );
  const second = await runInstance(task, timeoutSeconds * 1000, 'invoke');
  if ('payload' in second) return second;
  return {
    ...failedAnswer(
      timeoutError(requestId, timeoutSeconds),
      timeoutSeconds * 1000,
    ),
    ...second,
  };
}

/** Starts the function and invokes it; gives up when it is not initialised in time. */
async function runInstance(
  { prepared, options, logs, requestId }: Task,
  initLimitMs: number,
  phase: 'init' | 'invoke',
): Promise<Run | Pick<Run, 'maxMemoryUsedMb'>> {
  const { configuration, artifact, layers, runtimeClient } = prepared;
  const timeoutMs = configuration.timeoutSeconds * 1000;
  const instance = await FunctionInstance.start({
    configuration,
    taskRoot: artifact.path,
    layerRoots: layers.map(({ path }) => join(path, 'python')).reverse(),
    runtimeClient,
    logs,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    const initialisation = await instance.initialise(
      requestId,
      instance.startedAt + initLimitMs,
    );
    const initialisedAt = performance.now();
    const initDurationMs = initialisedAt - instance.startedAt;
    if (initialisation.kind === 'timeout')
      return { maxMemoryUsedMb: await instance.stop() };
    logs.writeLine(`START RequestId: ${requestId} Version: $LATEST`);
    if (initialisation.kind === 'error') {
      const answer = failedAnswer(
        initialisation.error,
        initDurationMs,
        initialisation.payload,
      );
      return { ...answer, maxMemoryUsedMb: await instance.stop() };
    }
    const timeoutFrom = phase === 'init' ? initialisedAt : instance.startedAt;
    const answer = await instance.invoke({
      requestId,
      event: Buffer.from(options.event),
      deadline: timeoutFrom + timeoutMs,
      ...(options.clientContext === undefined
        ? {}
        : { clientContext: options.clientContext }),
    });
    const maxMemoryUsedMb = await instance.stop();
    if (phase === 'init') return { ...answer, initDurationMs, maxMemoryUsedMb };
    const durationMs = Math.min(initDurationMs + answer.durationMs, timeoutMs);
    return { ...answer, durationMs, maxMemoryUsedMb };
  } finally {
    await instance.stop();
  }
}
