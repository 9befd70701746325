import { v } from '../workspace/validation';
import { jsonOf } from '../workspace/json';
import { LARGEST_RESPONSE_BYTES } from './lambda-limits';
import type { ReportedError } from './runtime-api-messages';

/** A function error as Lambda's clients see it. */
export interface FunctionError {
  /** The exception's class, or Lambda's own name: `Runtime.ImportModuleError`, `Sandbox.Timedout` … */
  readonly errorType: string;
  readonly errorMessage: string;
  readonly requestId?: string;
  readonly stackTrace?: readonly string[];
}

/** How a process ended. */
export interface ProcessEnd {
  /** The exit status; null when a signal ended the process. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

// Lambda's own words. The type and the messages of exits are in internal/lambda/rapid/handlers.go and fatalerror.go of
// github.com/aws/aws-lambda-runtime-interface-emulator, that of a timeout in
// https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html#troubleshooting-timeouts
const EXIT = 'Runtime.ExitError';
const TIMEOUT = 'Sandbox.Timedout';
const OVERSIZE = 'Function.ResponseSizeTooLarge';

const reported = v.pipe(
  v.unknown(),
  // To valibot an array is an object too.
  v.check((value) => !Array.isArray(value)),
  v.object({
    errorType: v.optional(v.string()),
    errorMessage: v.optional(v.string()),
    requestId: v.optional(v.string()),
    stackTrace: v.optional(v.array(v.string())),
  }),
);

/**
 * Reads the error that a runtime client reported.
 *
 * @param answer - what it posted
 * @returns the error; one that is not in Lambda's format is shown as it came
 */
export function parseReportedError(answer: ReportedError): FunctionError {
  const text = answer.body.toString('utf8');
  const { errorType, errorMessage, ...rest } = parseErrorBody(text) ?? {
    errorMessage: text,
  };
  return {
    errorType: errorType ?? answer.errorType ?? 'Runtime.Unknown',
    errorMessage: errorMessage ?? '',
    ...rest,
  } as FunctionError;
}

function parseErrorBody(
  text: string,
): v.InferOutput<typeof reported> | undefined {
  return jsonOf(text, reported);
}

/**
 * The error of a function whose process ended before it answered.
 *
 * @param requestId - the invocation
 * @param end - how the process ended
 * @returns Lambda's `Runtime.ExitError`
 */
export function exitError(requestId: string, end: ProcessEnd): FunctionError {
  const reason =
    end.code === 0
      ? 'Runtime exited without providing a reason'
      : `Runtime exited with error: ${
          end.code === null
            ? `signal: ${nameSignal(end.signal)}`
            : `exit status ${end.code}`
        }`;
  return {
    errorType: EXIT,
    errorMessage: `RequestId: ${requestId} Error: ${reason}`,
  };
}

/**
 * The error of a function that did not answer in time.
 *
 * @param requestId - the invocation
 * @param timeoutSeconds - the function's timeout
 * @returns Lambda's `Sandbox.Timedout`
 */
export function timeoutError(
  requestId: string,
  timeoutSeconds: number,
): FunctionError {
  return {
    errorType: TIMEOUT,
    errorMessage: `RequestId: ${requestId} Error: ${describeTimeout(timeoutSeconds)}`,
  };
}

/**
 * Lambda's sentence about a timeout.
 *
 * @param timeoutSeconds - the function's timeout
 * @returns for instance `Task timed out after 3.00 seconds`
 */
export function describeTimeout(timeoutSeconds: number): string {
  return `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
}

/**
 * The error of a function whose response is too large.
 *
 * @returns Lambda's `Function.ResponseSizeTooLarge`
 */
export function oversizeError(): FunctionError {
  return {
    errorType: OVERSIZE,
    errorMessage: `Response payload size exceeded maximum allowed payload size (${LARGEST_RESPONSE_BYTES} bytes).`,
  };
}

/**
 * Tells whether Lambda would show the error as the end of the execution environment, not as an answer of the function.
 *
 * @param error - a function error
 * @returns `timeout` or `exit`; `undefined` for an error that the function reported itself
 */
export function classifySandboxError(
  error: FunctionError,
): 'timeout' | 'exit' | undefined {
  if (error.errorType === TIMEOUT) return 'timeout';
  return error.errorType === EXIT || error.errorType === OVERSIZE
    ? 'exit'
    : undefined;
}

// Lambda is written in Go, and shows signals by the names of Go's syscall package:
// https://github.com/golang/go/blob/master/src/syscall/zerrors_linux_amd64.go
const GO_SIGNAL_NAMES: Partial<Record<NodeJS.Signals, string>> = {
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGQUIT: 'quit',
  SIGILL: 'illegal instruction',
  SIGTRAP: 'trace/breakpoint trap',
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGKILL: 'killed',
  SIGUSR1: 'user defined signal 1',
  SIGSEGV: 'segmentation fault',
  SIGUSR2: 'user defined signal 2',
  SIGPIPE: 'broken pipe',
  SIGALRM: 'alarm clock',
  SIGTERM: 'terminated',
  SIGXCPU: 'CPU time limit exceeded',
  SIGXFSZ: 'file size limit exceeded',
  SIGSYS: 'bad system call',
};

function nameSignal(signal: NodeJS.Signals | null): string {
  return signal === null ? 'killed' : (GO_SIGNAL_NAMES[signal] ?? signal);
}
