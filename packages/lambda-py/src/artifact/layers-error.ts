import { LambdaPyError } from '../workspace/errors';
import type { ErrorDetails } from '../workspace/errors';
import type { Service } from '../workspace/service';

/**
 * The error for layers that do not fit a service, or each other.
 *
 * @param service - the service that names them
 * @param details - what is wrong
 * @returns the error
 */
export function layersError(
  { projectRoot }: Pick<Service, 'projectRoot'>,
  details: Omit<ErrorDetails, 'file' | 'location'>,
): LambdaPyError {
  return new LambdaPyError({
    file: `${projectRoot}/pyproject.toml`,
    location: '[tool.lambda-py] layers',
    ...details,
  });
}
