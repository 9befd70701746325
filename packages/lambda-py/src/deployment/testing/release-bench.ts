import { connectToFunction } from '../aws-function-api';
import type { AwsConnection } from '../aws-function-api';
import type { Effects } from '../effects';
import { observeFunction } from '../observe-function';
import { release } from '../release';
import type { ReleaseRequest, ReleaseResult } from '../release-run';
import { parseShift } from '../shift';
import { FakeAws } from './fake-aws';
import { codeOf, FakeFunction } from './fake-function';

/** What a test releases. */
export interface TestRelease {
  readonly code?: string;
  readonly shift?: string;
  readonly smokeEvent?: string;
  readonly alarms?: readonly string[];
  readonly commit?: string;
  readonly maxAttempts?: number;
  /** How long an answer may take before the client tries again. */
  readonly requestTimeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** A function of a fake AWS, and releases to it by the real clients. */
export interface ReleaseBench {
  readonly aws: FakeAws;
  readonly lambda: FakeFunction;
  readonly endpoint: string;
  readonly lines: string[];
  readonly release: (options?: TestRelease) => Promise<ReleaseResult>;
  readonly connect: (options?: TestRelease) => Promise<AwsConnection>;
  readonly effects: (signal?: AbortSignal) => Effects;
}

/**
 * Makes fake functions, and stops what is left of them after each test.
 *
 * @returns makes one; the function has an alias on version 1 where none is passed
 */
export function useReleaseBench(): (
  lambda?: FakeFunction,
) => Promise<ReleaseBench> {
  const closing: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  return async (lambda = new FakeFunction('first').withAlias()) => {
    const aws = new FakeAws(lambda);
    const endpoint = await aws.start();
    closing.push(() => aws.stop());
    const lines: string[] = [];
    // Nobody waits for the minutes of a shift: they pass at once.
    let time = Date.UTC(2026, 0, 1);
    const effects = (signal?: AbortSignal): Effects => ({
      log: (line) => lines.push(line),
      sleep: (milliseconds) => {
        time += milliseconds;
        signal?.throwIfAborted();
        return Promise.resolve();
      },
      now: () => time,
      checkInterrupted: () => {
        signal?.throwIfAborted();
      },
    });
    const connect = async (
      options: TestRelease = {},
    ): Promise<AwsConnection> => {
      const connection = await connectToFunction(
        { functionName: 'orders', aliasName: 'live' },
        {
          region: 'eu-central-1',
          endpoint,
          maxAttempts: options.maxAttempts ?? 4,
          requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
        },
      );
      closing.push(() => {
        connection.close();
      });
      return connection;
    };
    return {
      aws,
      lambda,
      endpoint,
      lines,
      effects,
      connect,
      async release(options = {}) {
        const { api } = await connect(options);
        const own = effects(options.signal);
        const request = releaseRequest(options);
        return release(api, request, await observeFunction(api, own), own);
      },
    };
  };
}

function releaseRequest(options: TestRelease): ReleaseRequest {
  const zip = Buffer.from(options.code ?? 'second');
  const { smokeEvent, commit } = options;
  return {
    codeSha256: codeOf(zip).sha256,
    zipBytes: zip.length,
    shift: parseShift(options.shift ?? 'AllAtOnce'),
    hasSmoke: smokeEvent !== undefined,
    watch: {
      alarms: options.alarms ?? [],
      ...(smokeEvent === undefined ? {} : { smokeEvent }),
    },
    ...(commit === undefined ? {} : { commit }),
    provideCode: () => Promise.resolve({ zip }),
  };
}
