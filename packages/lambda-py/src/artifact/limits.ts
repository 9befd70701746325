import { LambdaPyError } from '../workspace/errors';
import type { ManifestDistribution } from './manifest';
import { unzippedBytes } from './manifest';

// "Deployment package (.zip file archive) size", where 1 MB is 1,048,576 bytes (Lambda's own error message says
// 262144000 bytes): https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MEBIBYTE = 1024 ** 2;

/** The largest zip that the Lambda API takes directly. */
export const DIRECT_UPLOAD_LIMIT_BYTES = 50 * MEBIBYTE;

/** The most bytes that a function's unzipped code may have, layers included. */
export const UNZIPPED_LIMIT_BYTES = 250 * MEBIBYTE;

const LISTED_DISTRIBUTIONS = 10;

/**
 * Checks that Lambda would take the unzipped artifact.
 *
 * @param distributions - what it holds
 * @throws {@link LambdaPyError} that lists the largest ones
 */
export function requireUnzippedLimit(
  distributions: readonly ManifestDistribution[],
): void {
  const bytes = unzippedBytes(distributions);
  if (bytes <= UNZIPPED_LIMIT_BYTES) return;
  const largest = [...distributions]
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, LISTED_DISTRIBUTIONS)
    .map(
      ({ name, version, bytes }) =>
        `${formatMegabytes(bytes).padStart(9)}  ${name} ${version}`,
    );
  throw new LambdaPyError({
    problem: `the artifact is larger than Lambda's limit; its largest distributions are\n    ${largest.join('\n    ')}`,
    found: `${formatMegabytes(bytes)} unzipped (${bytes} bytes)`,
    expected: `at most ${formatMegabytes(UNZIPPED_LIMIT_BYTES)} unzipped (${UNZIPPED_LIMIT_BYTES} bytes)`,
    mend: 'remove or replace the largest dependencies that the function does not need, or split the service',
  });
}

/**
 * Tells whether a zip is too large for a direct upload.
 *
 * @param zipBytes - its size
 * @returns the warning with what to do; `undefined` where there is nothing to warn of
 */
export function directUploadWarning(zipBytes: number): string | undefined {
  if (zipBytes <= DIRECT_UPLOAD_LIMIT_BYTES) return undefined;
  return `the zip has ${formatMegabytes(zipBytes)}, more than the ${formatMegabytes(DIRECT_UPLOAD_LIMIT_BYTES)} that the Lambda API takes directly: upload it to S3 and deploy it from there`;
}

/**
 * Writes a size as the quota page counts: 1 MB is 1,048,576 bytes.
 *
 * @param bytes - the size
 * @returns for instance `12.3 MB`
 */
export function formatMegabytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MB`;
}
