import { readFileSync } from 'node:fs';
import { LambdaPyError } from '../workspace/errors';
import { errorNameOf, isForbidden, isNotFound } from './aws-errors';
import { clientSettings } from './aws-settings';
import type { AwsSettings } from './aws-settings';
import type { CodeLocation } from './function-api';

/** A packed zip. */
export interface PackedZip {
  /** Absolute path. */
  readonly path: string;
  readonly projectName: string;
  readonly zipBytes: number;
  /** In hex. */
  readonly sha256: string;
  /** In base64. */
  readonly codeSha256: string;
}

/**
 * Puts a zip where Lambda takes it from.
 *
 * @param zip - the zip
 * @param through - `direct` for one that the request itself may hold
 * @param bucket - where larger ones go: a bucket in the function's region
 * @param settings - where AWS is
 * @returns what `UpdateFunctionCode` is told
 * @throws {@link LambdaPyError} when a bucket is needed and none is named
 */
export async function provideCode(
  zip: PackedZip,
  through: 'direct' | 's3',
  bucket: string | undefined,
  settings: AwsSettings,
): Promise<CodeLocation> {
  if (through === 'direct') return { zip: readFileSync(zip.path) };
  if (bucket === undefined) {
    throw new LambdaPyError({
      location: '--bucket',
      problem: `the zip of ${zip.projectName} is too large for a direct upload, and no bucket is named`,
      found: `${(zip.zipBytes / 1e6).toFixed(1)} MB`,
      expected: 'at most 50 MiB, or a bucket in the region of the function',
      mend: 'pass --bucket=NAME, or set "bucket" in the configuration of the stage in nx.json',
    });
  }
  // Named by its content: what an earlier run has put there is the same, and another service's is not.
  const key = `lambda-py/${zip.projectName}/${zip.sha256}.zip`;
  await putOnce(zip, bucket, key, settings);
  return { bucket, key };
}

async function putOnce(
  zip: PackedZip,
  Bucket: string,
  Key: string,
  settings: AwsSettings,
): Promise<void> {
  const { HeadObjectCommand, PutObjectCommand, S3Client } =
    await import('@aws-sdk/client-s3');
  const client = new S3Client({
    ...clientSettings(settings),
    // An emulator has no host name for each bucket.
    forcePathStyle: settings.endpoint !== undefined,
  });
  try {
    try {
      const { ContentLength } = await client.send(
        new HeadObjectCommand({ Bucket, Key }),
      );
      if (ContentLength === zip.zipBytes) return;
    } catch (error) {
      if (!isNotFound(error) && !isForbidden(error)) throw error;
    }
    await client.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body: readFileSync(zip.path),
        // S3 refuses bytes that are not these.
        ChecksumSHA256: zip.codeSha256,
      }),
    );
  } finally {
    client.destroy();
  }
}

/**
 * Makes the bucket of artifacts of an emulator.
 *
 * @param settings - where it is
 * @returns the bucket's name
 */
export async function makeEmulatorBucket(
  settings: AwsSettings,
): Promise<string> {
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    ...clientSettings(settings),
    forcePathStyle: true,
  });
  const Bucket = 'lambda-py-artifacts';
  try {
    await client.send(new CreateBucketCommand({ Bucket }));
  } catch (error) {
    // It is there already.
    if (!errorNameOf(error).startsWith('BucketAlready')) throw error;
  } finally {
    client.destroy();
  }
  return Bucket;
}
