import { setTimeout as delay } from 'node:timers/promises';
import { functionArn, makeTraceId } from './function-environment';
import type { FunctionConfiguration } from './function-environment';
import {
  exitError,
  oversizeError,
  parseReportedError,
  timeoutError,
} from './function-error';
import type { FunctionError } from './function-error';
import type { LogCollector } from './log-stream';
import { RuntimeApi } from './runtime-api';
import type { RuntimeAnswer } from './runtime-api-messages';
import type { RuntimeClient } from './runtime-client';
import { Sandbox } from './sandbox';

const LAST_WORDS_MS = 1000;

/** What a function instance runs. */
export interface InstanceOptions {
  readonly configuration: FunctionConfiguration;
  readonly taskRoot: string;
  /** The folders of modules of the unpacked layers, the one that lies on top first. */
  readonly layerRoots: readonly string[];
  readonly runtimeClient: RuntimeClient;
  readonly logs: LogCollector;
  /** Ends whatever the instance is doing. */
  readonly signal?: AbortSignal;
}

/** One event for a function instance. */
export interface InstanceRequest {
  readonly requestId: string;
  readonly event: Buffer;
  /** When the invocation times out, as `performance.now()`. */
  readonly deadline: number;
  readonly clientContext?: string;
}

/** How an initialisation ended. */
export type Initialisation =
  | { readonly kind: 'ready' }
  | { readonly kind: 'timeout' }
  | {
      readonly kind: 'error';
      readonly error: FunctionError;
      readonly payload?: Buffer;
    };

/** What an invocation brought. */
export interface InstanceAnswer {
  /** What Lambda's client gets: the response, or the error as JSON. */
  readonly payload: Buffer;
  readonly contentType: string;
  /** Missing where the function succeeded. */
  readonly error?: FunctionError;
  /** From handing the event over to the answer, in ms. */
  readonly durationMs: number;
}

/** A function in one execution environment: it is initialised once and invoked any number of times, one at a time. */
export class FunctionInstance {
  private constructor(
    private readonly options: InstanceOptions,
    private readonly api: RuntimeApi,
    private readonly sandbox: Sandbox,
  ) {}

  /**
   * Starts a function.
   *
   * @param options - see {@link InstanceOptions}
   * @returns the instance, which {@link FunctionInstance.stop} must end
   * @throws {@link LambdaPyError} when the function's environment is not allowed
   */
  static async start(options: InstanceOptions): Promise<FunctionInstance> {
    options.signal?.throwIfAborted();
    const api = await RuntimeApi.start();
    try {
      return new FunctionInstance(
        options,
        api,
        Sandbox.start({ ...options, runtimeApi: api.address }),
      );
    } catch (error) {
      await api.close();
      throw error;
    }
  }

  /** When the process was started, as `performance.now()`. */
  get startedAt(): number {
    return this.sandbox.startedAt;
  }

  /**
   * Waits until the function asks for its first event.
   *
   * @param requestId - the invocation that an error names
   * @param deadline - when to give up, as `performance.now()`
   * @returns how it ended
   */
  async initialise(
    requestId: string,
    deadline: number,
  ): Promise<Initialisation> {
    const answer = await this.race(this.api.initialised, deadline, requestId);
    if (answer === 'timeout') return { kind: 'timeout' };
    if ('errorMessage' in answer) return { kind: 'error', error: answer };
    return answer.kind === 'ready'
      ? { kind: 'ready' }
      : {
          kind: 'error',
          payload: answer.body,
          error: parseReportedError(answer),
        };
  }

  /**
   * Hands the function one event and waits for its answer.
   *
   * @param request - the event
   * @returns the answer; after a timeout or an exit the instance can only be stopped
   */
  async invoke(request: InstanceRequest): Promise<InstanceAnswer> {
    const { configuration } = this.options;
    const { requestId, event, deadline } = request;
    const startedAt = performance.now();
    const answer = await this.race<RuntimeAnswer>(
      this.api.invoke({
        requestId,
        event,
        deadlineMs: Math.round(Date.now() + deadline - startedAt),
        functionArn: functionArn(configuration),
        traceId: makeTraceId(new Date()),
        ...(request.clientContext === undefined
          ? {}
          : { clientContext: request.clientContext }),
      }),
      deadline,
      requestId,
    );
    if (answer === 'timeout') {
      const error = timeoutError(requestId, configuration.timeoutSeconds);
      // The timer may be late, or early by a hair: Lambda shows the timeout itself.
      return failedAnswer(error, configuration.timeoutSeconds * 1000);
    }
    // Whatever it answered: a function that needed more memory than it has does not live to answer in Lambda.
    await this.sandbox.lookAtMemory();
    if (this.sandbox.isOutOfMemory && !('errorMessage' in answer)) {
      const end = await this.sandbox.ended;
      return failedAnswer(
        exitError(requestId, end),
        performance.now() - startedAt,
      );
    }
    if ('errorMessage' in answer)
      return failedAnswer(answer, performance.now() - startedAt);
    const durationMs = answer.answeredAt - answer.handedOverAt;
    if (answer.kind === 'oversize') {
      // The refusal ends the runtime client, which has more to log.
      await Promise.race([
        this.sandbox.ended,
        delay(LAST_WORDS_MS, undefined, { ref: false }),
      ]);
      return failedAnswer(oversizeError(), durationMs);
    }
    if (answer.kind === 'error') {
      return failedAnswer(parseReportedError(answer), durationMs, answer.body);
    }
    return {
      payload: answer.body,
      contentType: answer.contentType,
      durationMs,
    };
  }

  /**
   * Tells what the function has needed so far.
   *
   * @returns the most memory, in MB
   */
  memoryUsedMb(): Promise<number> {
    return this.sandbox.lookAtMemory();
  }

  /**
   * Kills the function with all that it started.
   *
   * @returns the most memory that it needed, in MB
   */
  async stop(): Promise<number> {
    const peak = await this.sandbox.stop();
    await this.api.close();
    return peak;
  }

  private async race<Answer>(
    answer: Promise<Answer>,
    deadline: number,
    requestId: string,
  ): Promise<Answer | FunctionError | 'timeout'> {
    const { signal } = this.options;
    const over = new AbortController();
    const patience = AbortSignal.any([
      over.signal,
      ...(signal === undefined ? [] : [signal]),
    ]);
    const timeout = delay(
      Math.max(0, deadline - performance.now()),
      'timeout' as const,
      { signal: patience },
    );
    timeout.catch(() => undefined);
    try {
      return await Promise.race([
        answer,
        this.sandbox.ended.then((end) => exitError(requestId, end)),
        timeout,
      ]);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      over.abort();
    }
  }
}

/**
 * The answer of a function that failed.
 *
 * @param error - why
 * @param durationMs - how long that took, in ms
 * @param payload - what Lambda's client gets; the error as JSON when left out
 * @returns the answer
 */
export function failedAnswer(
  error: FunctionError,
  durationMs: number,
  payload: Buffer = Buffer.from(JSON.stringify(error)),
): InstanceAnswer & { readonly error: FunctionError } {
  return { payload, contentType: 'application/json', error, durationMs };
}
