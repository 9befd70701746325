import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { classifySandboxError, timeoutError } from '../runtime/function-error';
import { failedAnswer, FunctionInstance } from '../runtime/function-instance';
import type {
  Initialisation,
  InstanceAnswer,
} from '../runtime/function-instance';
import { logEnd } from '../runtime/invocation-log';
import type { PreparedFunction } from '../runtime/invoke';
import { INIT_LIMIT_MS } from '../runtime/lambda-limits';
import { LogCollector } from '../runtime/log-stream';
import type { LogSink } from '../runtime/log-stream';
import { billedDuration } from '../runtime/report';

/** How an environment answers: see {@link ExecutionEnvironment}. */
export type EnvironmentAnswer = InstanceAnswer & { readonly requestId: string };

/**
 * One of Lambda's execution environments: a process that is initialised once and invoked many times, one event after the
 * other. It is spent after a timeout, an exit and a failed initialisation.
 */
export class ExecutionEnvironment {
  private readonly logs: LogCollector;
  private requestId: string = randomUUID();
  private initDurationMs: number | undefined;
  private spent = false;
  private current: Promise<FunctionInstance>;
  private readonly initialised: Promise<Initialisation>;

  private constructor(
    private readonly prepared: PreparedFunction,
    sink: LogSink,
  ) {
    this.logs = new LogCollector(sink);
    this.current = this.startInstance();
    this.initialised = this.initialise();
    // Whoever invokes it is told.
    this.initialised.catch(() => undefined);
  }

  /**
   * Starts an environment. Lambda, too, may start one before there is a request.
   *
   * @param prepared - the function
   * @param sink - takes its logs as they come
   * @returns the environment, which {@link ExecutionEnvironment.stop} must end
   */
  static start(
    prepared: PreparedFunction,
    sink: LogSink,
  ): ExecutionEnvironment {
    return new ExecutionEnvironment(prepared, sink);
  }

  /** True where it can take no further event. */
  get isSpent(): boolean {
    return this.spent;
  }

  /**
   * Waits for the initialisation.
   *
   * @returns true where the function is ready for events
   */
  async ready(): Promise<boolean> {
    return (await this.initialised).kind === 'ready';
  }

  /**
   * Invokes the function, and logs what Lambda logs around it.
   *
   * @param event - JSON
   * @returns the answer: a function error is one too
   */
  async invoke(event: Buffer): Promise<EnvironmentAnswer> {
    const { requestId } = this;
    const initialisation = await this.initialised;
    const answer =
      initialisation.kind === 'timeout'
        ? await this.initialiseInInvoke(event)
        : await this.answer(event, initialisation);
    const { initDurationMs } = this;
    logEnd(
      this.logs,
      this.prepared.configuration,
      {
        requestId,
        ...(initDurationMs === undefined ? {} : { initDurationMs }),
        durationMs: answer.durationMs,
        billedDurationMs: billedDuration(answer.durationMs, initDurationMs),
        memoryMb: this.prepared.configuration.memoryMb,
        maxMemoryUsedMb: await (await this.current).memoryUsedMb(),
      },
      answer.error,
    );
    const ending =
      answer.error === undefined
        ? undefined
        : classifySandboxError(answer.error);
    if (ending !== undefined || initialisation.kind === 'error')
      this.spent = true;
    this.initDurationMs = undefined;
    this.requestId = randomUUID();
    return { ...answer, requestId };
  }

  /** Kills the process with all that it started. */
  async stop(): Promise<void> {
    this.spent = true;
    try {
      await (await this.current).stop();
    } catch {
      // It could not be started: nothing is left.
    }
  }

  private startInstance(): Promise<FunctionInstance> {
    const { configuration, artifact, layers, runtimeClient } = this.prepared;
    return FunctionInstance.start({
      configuration,
      taskRoot: artifact.path,
      layerRoots: layers.map(({ path }) => join(path, 'python')).reverse(),
      runtimeClient,
      logs: this.logs,
    });
  }

  private async initialise(): Promise<Initialisation> {
    const instance = await this.current;
    const initialisation = await instance.initialise(
      this.requestId,
      instance.startedAt + INIT_LIMIT_MS,
    );
    if (initialisation.kind === 'ready')
      this.initDurationMs = performance.now() - instance.startedAt;
    return initialisation;
  }

  private async answer(
    event: Buffer,
    initialisation: Exclude<Initialisation, { readonly kind: 'timeout' }>,
  ): Promise<InstanceAnswer> {
    const instance = await this.current;
    this.logs.writeLine(`START RequestId: ${this.requestId} Version: $LATEST`);
    if (initialisation.kind === 'error')
      return failedAnswer(initialisation.error, 0, initialisation.payload);
    return instance.invoke({
      requestId: this.requestId,
      event,
      deadline: performance.now() + this.timeoutMs,
    });
  }

  /** Lambda repeats an initialisation that took too long in the invoke phase, where the function's own timeout holds. */
  private async initialiseInInvoke(event: Buffer): Promise<InstanceAnswer> {
    const { timeoutSeconds } = this.prepared.configuration;
    this.logs.writeLine(
      `INIT_REPORT Init Duration: ${INIT_LIMIT_MS.toFixed(2)} ms\tPhase: init\tStatus: timeout`,
    );
    await (await this.current).stop();
    this.current = this.startInstance();
    const instance = await this.current;
    const deadline = instance.startedAt + this.timeoutMs;
    const initialisation = await instance.initialise(this.requestId, deadline);
    const answer =
      initialisation.kind === 'timeout'
        ? failedAnswer(
            timeoutError(this.requestId, timeoutSeconds),
            this.timeoutMs,
          )
        : initialisation.kind === 'error'
          ? failedAnswer(initialisation.error, 0, initialisation.payload)
          : await instance.invoke({
              requestId: this.requestId,
              event,
              deadline,
            });
    // The next event would wait for the first initialisation, which has failed.
    this.spent = true;
    return {
      ...answer,
      durationMs: Math.min(
        performance.now() - instance.startedAt,
        this.timeoutMs,
      ),
    };
  }

  private get timeoutMs(): number {
    return this.prepared.configuration.timeoutSeconds * 1000;
  }
}
