// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, unless a line says otherwise.

/** The shortest and the longest timeout of a function, in seconds. */
export const TIMEOUT_SECONDS = { minimum: 1, maximum: 900 } as const;

/** The least and the most memory of a function, in MB; Lambda's MB is 2^20 bytes. */
export const MEMORY_MB = { minimum: 128, maximum: 10240 } as const;

/** The largest event of a synchronous invocation, in bytes: 6 MB, where Lambda's MB is 2^20 bytes. */
export const LARGEST_EVENT_BYTES = 6 * 1024 * 1024;

/**
 * The largest response, in bytes: 6 MB and 100 bytes for the envelope.
 *
 * `MaxPayloadSize` in internal/lambda/interop/model.go of github.com/aws/aws-lambda-runtime-interface-emulator.
 */
export const LARGEST_RESPONSE_BYTES = 6 * 1024 * 1024 + 100;

/**
 * How long the init phase may take, in ms. Lambda then starts the function anew, in the invoke phase, where its own
 * timeout holds: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib
 */
export const INIT_LIMIT_MS = 10_000;
