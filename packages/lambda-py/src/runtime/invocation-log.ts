import type { FunctionConfiguration } from './function-environment';
import { classifySandboxError, describeTimeout } from './function-error';
import type { FunctionError } from './function-error';
import type { LogCollector } from './log-stream';
import { formatReport } from './report';
import type { InvocationFigures } from './report';

/**
 * Adds the lines that Lambda ends an invocation's log with.
 *
 * @param logs - where to
 * @param configuration - the function
 * @param figures - the invocation's figures
 * @param error - its error, where it failed
 */
export function logEnd(
  logs: LogCollector,
  { timeoutSeconds }: FunctionConfiguration,
  figures: InvocationFigures,
  error: FunctionError | undefined,
): void {
  const { requestId } = figures;
  const ending = error === undefined ? undefined : classifySandboxError(error);
  if (ending === 'timeout') {
    logs.writeLine(
      `${new Date().toISOString()} ${requestId} ${describeTimeout(timeoutSeconds)}`,
    );
  } else if (ending === 'exit' && error !== undefined) {
    logs.writeLine(`${error.errorMessage}\n${error.errorType}`);
  }
  logs.writeLine(`END RequestId: ${requestId}`);
  logs.writeLine(
    formatReport(
      figures,
      ending === 'exit' && error !== undefined
        ? { errorType: error.errorType }
        : ending === 'timeout'
          ? ending
          : undefined,
    ),
  );
}
