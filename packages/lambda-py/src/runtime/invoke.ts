import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Runtime } from '../workspace/runtimes';
import { unpackArtifact } from './artifact-folder';
import type { ArtifactFolder } from './artifact-folder';
import type { FunctionConfiguration } from './function-environment';
import { classifySandboxError, timeoutError } from './function-error';
import type { FunctionError } from './function-error';
import { failedAnswer, FunctionInstance } from './function-instance';
import type { Initialisation, InstanceAnswer } from './function-instance';
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
  const [invocation] = await invokeInOneEnvironment(prepared, options, 1);
  if (invocation === undefined) throw new Error('there was no invocation');
  return invocation;
}

/**
 * Invokes a packed function several times in one execution environment of its own, and leaves nothing behind.
 *
 * @param prepared - from {@link prepareFunction}
 * @param options - see {@link InvocationOptions}
 * @param times - how often; 1 or more
 * @returns the invocations, fewer where one of them ended the environment
 * @throws the signal's reason when it is aborted
 */
export async function invokeInOneEnvironment(
  prepared: PreparedFunction,
  options: InvocationOptions,
  times: number,
): Promise<readonly Invocation[]> {
  const environment = new Environment(prepared, options);
  return environment.run(times);
}

interface Run extends InstanceAnswer {
  readonly initDurationMs?: number;
  readonly maxMemoryUsedMb: number;
}

interface Started {
  readonly instance: FunctionInstance;
  readonly initialisation: Initialisation;
  /** As `performance.now()`. */
  readonly endedAt: number;
}

/** The phases of one execution environment. */
class Environment {
  private readonly logs: LogCollector;
  private readonly invocations: Invocation[] = [];
  private readonly timeoutMs: number;
  private requestId = randomUUID();

  constructor(
    private readonly prepared: PreparedFunction,
    private readonly options: InvocationOptions,
  ) {
    this.logs = new LogCollector(options.onLog);
    this.timeoutMs = prepared.configuration.timeoutSeconds * 1000;
  }

  /** The init phase and the invoke phase; where the first takes too long it is repeated in the second, as Lambda does. */
  async run(times: number): Promise<readonly Invocation[]> {
    const initLimitMs = this.options.initLimitMs ?? INIT_LIMIT_MS;
    const first = await this.start(initLimitMs);
    if (first.initialisation.kind !== 'timeout') {
      await this.invokeWarm(first, times, 'init');
      return this.invocations;
    }
    await first.instance.stop();
    this.logs.writeLine(
      `INIT_REPORT Init Duration: ${initLimitMs.toFixed(2)} ms\tPhase: init\tStatus: timeout`,
    );
    const second = await this.start(this.timeoutMs);
    if (second.initialisation.kind !== 'timeout') {
      await this.invokeWarm(second, times, 'invoke');
      return this.invocations;
    }
    const { timeoutSeconds } = this.prepared.configuration;
    this.finish({
      ...failedAnswer(
        timeoutError(this.requestId, timeoutSeconds),
        this.timeoutMs,
      ),
      maxMemoryUsedMb: await second.instance.stop(),
    });
    return this.invocations;
  }

  /** Starts the function, and waits until it is initialised or has failed to be. */
  private async start(initLimitMs: number): Promise<Started> {
    const { configuration, artifact, layers, runtimeClient } = this.prepared;
    const { signal } = this.options;
    const instance = await FunctionInstance.start({
      configuration,
      taskRoot: artifact.path,
      layerRoots: layers.map(({ path }) => join(path, 'python')).reverse(),
      runtimeClient,
      logs: this.logs,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      const initialisation = await instance.initialise(
        this.requestId,
        instance.startedAt + initLimitMs,
      );
      return { instance, initialisation, endedAt: performance.now() };
    } catch (error) {
      await instance.stop();
      throw error;
    }
  }

  private async invokeWarm(
    { instance, initialisation, endedAt }: Started,
    times: number,
    initialisedIn: 'init' | 'invoke',
  ): Promise<void> {
    const initDurationMs = endedAt - instance.startedAt;
    try {
      this.logStart();
      if (initialisation.kind === 'error') {
        const { error, payload } = initialisation;
        const answer = failedAnswer(error, initDurationMs, payload);
        const maxMemoryUsedMb = await instance.stop();
        this.finish({ ...answer, maxMemoryUsedMb });
        return;
      }
      const timeoutFrom =
        initialisedIn === 'init' ? endedAt : instance.startedAt;
      const first = await this.invokeOnce(instance, timeoutFrom, times > 1);
      if (initialisedIn === 'init') this.finish({ ...first, initDurationMs });
      else {
        const durationMs = initDurationMs + first.durationMs;
        this.finish({
          ...first,
          durationMs: Math.min(durationMs, this.timeoutMs),
        });
      }
      let isAlive = !endsEnvironment(first);
      for (let time = 2; time <= times && isAlive; time += 1) {
        this.requestId = randomUUID();
        this.logs.clear();
        this.logStart();
        const run = await this.invokeOnce(
          instance,
          performance.now(),
          time < times,
        );
        this.finish(run);
        isAlive = !endsEnvironment(run);
      }
    } finally {
      await instance.stop();
    }
  }

  private logStart(): void {
    this.logs.writeLine(`START RequestId: ${this.requestId} Version: $LATEST`);
  }

  private async invokeOnce(
    instance: FunctionInstance,
    timeoutFrom: number,
    isFollowed: boolean,
  ): Promise<Run> {
    const { event, clientContext } = this.options;
    const answer = await instance.invoke({
      requestId: this.requestId,
      event: Buffer.from(event),
      deadline: timeoutFrom + this.timeoutMs,
      ...(clientContext === undefined ? {} : { clientContext }),
    });
    if (!isFollowed || endsEnvironment(answer)) {
      return { ...answer, maxMemoryUsedMb: await instance.stop() };
    }
    await drainPipes();
    return { ...answer, maxMemoryUsedMb: await instance.memoryUsedMb() };
  }

  private finish(run: Run): void {
    const { configuration } = this.prepared;
    const { initDurationMs, durationMs, maxMemoryUsedMb } = run;
    const figures = {
      requestId: this.requestId,
      ...(initDurationMs === undefined ? {} : { initDurationMs }),
      durationMs,
      billedDurationMs: billedDuration(durationMs, initDurationMs),
      memoryMb: configuration.memoryMb,
      maxMemoryUsedMb,
    };
    logEnd(this.logs, configuration, figures, run.error);
    this.invocations.push({
      ...figures,
      payload: run.payload,
      contentType: run.contentType,
      ...(run.error === undefined ? {} : { error: run.error }),
      logs: this.logs.text,
    });
  }
}

function endsEnvironment({ error }: InstanceAnswer): boolean {
  return error !== undefined && classifySandboxError(error) !== undefined;
}

/** What the function has written before it answered is in its pipes by now: each turn of the event loop reads them empty. */
async function drainPipes(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
