import { artifactOptionsOf } from '../workspace/artifact-options';
import {
  directUploadWarning,
  formatMegabytes,
  requireBudget,
  requireUnzippedLimit,
} from './limits';
import { describeArtifact, sumDistributions } from './manifest';
import type { ManifestDistribution } from './manifest';
import { sampleEntries, sampleService } from './testing/samples';

function distribution(name: string, bytes: number): ManifestDistribution {
  return { name, version: '1.0', local: false, bytes, compressedBytes: 1 };
}

const advise = () => Promise.resolve(['do this']);

describe('limits', () => {
  it('takes exactly 262144000 bytes unzipped', async () => {
    await expect(
      requireUnzippedLimit([distribution('a', 262_144_000)], [], advise),
    ).resolves.toBeUndefined();
  });

  it('lists the ten largest distributions above that, largest first', async () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      distribution(`d${index}`, 25_000_000 + index * 1_000_000),
    );
    const message = await requireUnzippedLimit(many, [], advise).then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    expect(message.match(/ d\d+ 1\.0/g)).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((index) => ` d${index} 1.0`),
    );
    expect(message).toContain('at most 250.0 MB unzipped (262144000 bytes)');
    expect(message).toContain('do this');
  });

  it('counts the layers of the function', async () => {
    const layers = [{ name: 'analytics-layer', unzippedBytes: 262_144_000 }];
    await expect(
      requireUnzippedLimit([], layers, advise),
    ).resolves.toBeUndefined();
    await expect(
      requireUnzippedLimit([distribution('a', 1)], layers, advise),
    ).rejects.toThrow(
      '(262144001 bytes), 250.0 MB of them in the layer analytics-layer',
    );
  });

  it('holds a service to its budgets, in bytes', async () => {
    const service = sampleService({
      artifact: artifactOptionsOf({ budgets: { zip: '1.5 MB' } }),
    });
    const judge = (kind: 'zip' | 'unzipped', bytes: number) =>
      requireBudget(service, kind, bytes, [distribution('a', 5)], advise);
    await expect(judge('zip', 1_500_000)).resolves.toBeUndefined();
    await expect(judge('unzipped', 9e9)).resolves.toBeUndefined();
    await expect(judge('zip', 1_500_001)).rejects.toThrow(
      /budgets\.zip: .*over its budget[^]* a 1\.0\n.*1500001 bytes zipped\n.*at most 1500000 bytes\n[^]*do this/,
    );
  });

  it('warns above 50 MB zipped, with the way out', () => {
    expect(directUploadWarning(52_428_800)).toBeUndefined();
    expect(directUploadWarning(52_428_801)).toContain('S3');
  });

  it('counts as the quota page', () => {
    expect(formatMegabytes(1_572_864)).toBe('1.5 MB');
  });
});

describe('describeArtifact', () => {
  it('sums up by distribution and gives the digest in both forms', () => {
    const entries = sampleEntries({
      six: { 'six.py': 'x'.repeat(1000) },
      boto3: { 'boto3/a.py': 'abc', 'boto3/b.py': 'de' },
    });
    const sha256 = Buffer.alloc(32, 0xab);
    const manifest = describeArtifact(
      sampleService({ architecture: 'arm64' }),
      sumDistributions(entries),
      { bytes: 123, sha256 },
      { handler: 'orders.handler.handler', layers: [] },
    );
    expect(manifest).toEqual({
      name: 'orders',
      zip: 'orders.zip',
      handler: 'orders.handler.handler',
      runtime: 'python3.13',
      architecture: 'arm64',
      zipBytes: 123,
      unzippedBytes: 1005,
      sha256: 'ab'.repeat(32),
      codeSha256: sha256.toString('base64'),
      distributions: [
        {
          name: 'boto3',
          version: '1.0',
          local: false,
          bytes: 5,
          compressedBytes: 5,
        },
        {
          name: 'six',
          version: '1.0',
          local: false,
          bytes: 1000,
          compressedBytes: expect.any(Number) as number,
        },
      ],
    });
  });
});
