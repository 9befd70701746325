import { LambdaPyError } from '../workspace/errors';
import type { PackedProject } from '../workspace/service';
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

/** The unzipped code of a layer that a function uses. */
export interface LayerSize {
  /** The layer's project name. */
  readonly name: string;
  readonly unzippedBytes: number;
}

/** Tells what would make an artifact smaller, once it is too large. */
export type Advice = () => Promise<readonly string[]>;

/**
 * Checks that Lambda would take the unzipped artifact.
 *
 * @param distributions - what it holds
 * @param layers - the layers that are unpacked beside it
 * @param advise - what would help
 * @throws {@link LambdaPyError} that lists the largest distributions
 */
export async function requireUnzippedLimit(
  distributions: readonly ManifestDistribution[],
  layers: readonly LayerSize[],
  advise: Advice,
): Promise<void> {
  const bytes = layers.reduce(
    (sum, layer) => sum + layer.unzippedBytes,
    unzippedBytes(distributions),
  );
  if (bytes <= UNZIPPED_LIMIT_BYTES) return;
  throw new LambdaPyError({
    problem: `the artifact is larger than Lambda's limit; its largest distributions are\n${listLargest(distributions, 'bytes')}`,
    found: [
      `${formatMegabytes(bytes)} unzipped (${bytes} bytes)`,
      ...layers.map(
        ({ name, unzippedBytes: held }) =>
          `${formatMegabytes(held)} of them in the layer ${name}`,
      ),
    ].join(', '),
    expected: `at most ${formatMegabytes(UNZIPPED_LIMIT_BYTES)} unzipped (${UNZIPPED_LIMIT_BYTES} bytes)`,
    mend: [
      'remove or replace the largest dependencies that the function does not need, or split the service',
      ...(await advise()),
    ].join('\n            '),
  });
}

/**
 * Checks an artifact against a budget of its project.
 *
 * @param project - whose budget it is
 * @param kind - which of its budgets
 * @param bytes - what the artifact has
 * @param distributions - what it holds
 * @param advise - what would help
 * @throws {@link LambdaPyError} that lists the largest distributions
 */
export async function requireBudget(
  { projectRoot, artifact }: PackedProject,
  kind: 'zip' | 'unzipped',
  bytes: number,
  distributions: readonly ManifestDistribution[],
  advise: Advice,
): Promise<void> {
  const budget = artifact.budgets[kind];
  if (budget === undefined || bytes <= budget) return;
  const key = kind === 'zip' ? 'compressedBytes' : 'bytes';
  throw new LambdaPyError({
    file: `${projectRoot}/pyproject.toml`,
    location: `[tool.lambda-py] budgets.${kind}`,
    problem: `the artifact is over its budget; its largest distributions are\n${listLargest(distributions, key)}`,
    found: `${bytes} bytes ${kind === 'zip' ? 'zipped' : 'unzipped'}`,
    expected: `at most ${budget} bytes`,
    mend: [
      'remove or replace the largest dependencies that the function does not need, or raise the budget',
      ...(await advise()),
    ].join('\n            '),
  });
}

function listLargest(
  distributions: readonly ManifestDistribution[],
  key: 'bytes' | 'compressedBytes',
): string {
  return [...distributions]
    .sort((one, other) => other[key] - one[key])
    .slice(0, LISTED_DISTRIBUTIONS)
    .map(
      (one) =>
        `    ${formatMegabytes(one[key]).padStart(9)}  ${one.name} ${one.version}`,
    )
    .join('\n');
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
