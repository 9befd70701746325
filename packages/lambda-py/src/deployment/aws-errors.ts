import { LambdaPyError, messageOf } from '../workspace/errors';

/**
 * The name that AWS, or its SDK, gives to an error.
 *
 * @param error - anything that was thrown
 * @returns the name; empty for what is no error
 */
export function errorNameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/**
 * Whether AWS refused a change because the thing has changed since it was read.
 *
 * @param error - anything that was thrown
 */
export function isStaleRevision(error: unknown): boolean {
  return errorNameOf(error) === 'PreconditionFailedException';
}

/**
 * Whether AWS refused a change because another one is being made, or because the thing is there already.
 *
 * @param error - anything that was thrown
 */
export function isConflict(error: unknown): boolean {
  return errorNameOf(error) === 'ResourceConflictException';
}

/**
 * Whether what was asked for does not exist.
 *
 * @param error - anything that was thrown
 */
export function isNotFound(error: unknown): boolean {
  return ['ResourceNotFoundException', 'NotFound', 'NoSuchKey'].includes(
    errorNameOf(error),
  );
}

/**
 * Whether AWS says no more than that this is forbidden. So S3 answers a `HeadObject` of what is not there to whoever may
 * not list the bucket: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 *
 * @param error - anything that was thrown
 */
export function isForbidden(error: unknown): boolean {
  const { $metadata } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  return error instanceof Error && $metadata?.httpStatusCode === 403;
}

const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

/**
 * Explains what AWS, or the network before it, has refused. What AWS says is shown, without anything secret: the answer
 * to a wrong signature repeats the request, with its session token.
 *
 * @param error - what was thrown
 * @param doing - what was being done, after "could not"
 * @param secrets - texts that must not be shown
 * @returns the error to throw; one that the user can mend as it is
 */
export function explainAwsError(
  error: unknown,
  doing: string,
  secrets: readonly string[] = [],
): Error {
  if (error instanceof LambdaPyError) return error;
  const name = errorNameOf(error);
  const message = withoutSecrets(messageOf(error), secrets);
  return new LambdaPyError({
    problem: `could not ${doing}`,
    found: CREDENTIALS.has(name)
      ? // What AWS says of a signature is the whole request.
        name
      : [name, message].filter((text) => text !== '').join(': '),
    ...(CREDENTIALS.has(name)
      ? {
          expected: 'AWS credentials that are valid now',
          mend: 'sign in again, for instance with "aws sso login", and run the target again',
        }
      : name.startsWith('AccessDenied')
        ? {
            mend: 'allow the action to the role that deploys; the README lists the actions',
          }
        : { mend: 'run the target again: it goes on where it stopped' }),
  });
}

/**
 * Takes secrets out of a text.
 *
 * @param text - the text
 * @param secrets - what must not be in it
 * @returns the text, each secret replaced
 */
export function withoutSecrets(
  text: string,
  secrets: readonly string[],
): string {
  return secrets
    .filter((secret) => secret !== '')
    .reduce((shown, secret) => shown.replaceAll(secret, '(hidden)'), text);
}
