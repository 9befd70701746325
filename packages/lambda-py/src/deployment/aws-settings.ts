/** Where AWS is, and how long it may take. */
export interface AwsSettings {
  readonly region: string;
  /** A profile of the user's AWS configuration; the default chain of credentials where there is none. */
  readonly profile?: string;
  /** The address of an emulator, which takes any credentials. */
  readonly endpoint?: string;
  /** How often a request is tried; the SDK waits longer each time, with jitter. */
  readonly maxAttempts?: number;
  /** How long the answer to a request may take. */
  readonly requestTimeoutMs?: number;
}

/** What every client of the AWS SDK is made with. */
export interface ClientSettings {
  readonly region: string;
  readonly maxAttempts: number;
  /** Slows down when AWS throttles: many services are deployed at once. */
  readonly retryMode: 'adaptive';
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
  };
}

/** How often a request is tried, by the SDK here and by tools that read their settings from the environment. */
export const MOST_ATTEMPTS = 8;
const CONNECTION_TIMEOUT_MS = 10_000;
// A zip of 50 MB over a slow line.
const REQUEST_TIMEOUT_MS = 300_000;

/** What an emulator is signed in to with: it takes anything, and these are no secrets. */
export const EMULATOR_CREDENTIALS = {
  accessKeyId: 'test',
  secretAccessKey: 'test',
} as const;

/** The region of an emulator where the stage names none. */
export const EMULATOR_REGION = 'us-east-1';

/**
 * Settles how the clients of the AWS SDK are made.
 *
 * @param settings - where AWS is
 * @returns the options of every client's constructor
 */
export function clientSettings(settings: AwsSettings): ClientSettings {
  silenceSdk();
  const { profile, endpoint } = settings;
  const requestTimeout = settings.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  return {
    region: settings.region,
    maxAttempts: settings.maxAttempts ?? MOST_ATTEMPTS,
    retryMode: 'adaptive',
    requestHandler: {
      connectionTimeout: Math.min(CONNECTION_TIMEOUT_MS, requestTimeout),
      requestTimeout,
      throwOnRequestTimeout: true,
    },
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined
      ? {}
      : { endpoint, credentials: EMULATOR_CREDENTIALS }),
  };
}

/** The SDK warns that its future versions need a newer Node; the ones that are pinned here do not. */
export function silenceSdk(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
