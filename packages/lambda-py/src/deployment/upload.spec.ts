import { createHash } from 'node:crypto';
import { rejectionOf } from '../testing/errors';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { useReleaseBench } from './testing/release-bench';
import { provideCode } from './upload';
import type { PackedZip } from './upload';

const makeBench = useReleaseBench();
const makeFolder = useTemporaryFolders();

function packed(text = 'second'): PackedZip {
  const digest = createHash('sha256').update(text).digest();
  return {
    path: makeFolder().write('orders.zip', text),
    projectName: 'orders',
    zipBytes: text.length,
    sha256: digest.toString('hex'),
    codeSha256: digest.toString('base64'),
  };
}

describe('provideCode', () => {
  it('sends a small zip with the request', async () => {
    const { endpoint } = await makeBench();
    const code = await provideCode(packed(), 'direct', undefined, {
      region: 'eu-central-1',
      endpoint,
    });

    expect(code).toEqual({ zip: Buffer.from('second') });
  });

  it('puts a large one into a bucket, once', async () => {
    const { aws, endpoint } = await makeBench();
    const zip = packed();
    const settings = { region: 'eu-central-1', endpoint };
    const code = await provideCode(zip, 's3', 'artifacts', settings);
    const key = `lambda-py/orders/${zip.sha256}.zip`;

    expect(code).toEqual({ bucket: 'artifacts', key });
    expect(aws.objects.get(`/artifacts/${key}`)?.toString()).toBe('second');
    await provideCode(zip, 's3', 'artifacts', settings);
    expect(
      aws.requests.filter(({ operation }) => operation === 'PutObject'),
    ).toHaveLength(1);
  });

  it('puts it there where it may not be looked for, and says what may not be put', async () => {
    const { aws, endpoint } = await makeBench();
    const settings = { region: 'eu-central-1', endpoint };
    const forbid = (...operations: readonly string[]): void => {
      aws.fault = ({ operation }) =>
        operations.includes(operation) ? 'forbidden' : undefined;
    };
    forbid('HeadObject');
    await provideCode(packed(), 's3', 'artifacts', settings);

    expect(aws.objects.size).toBe(1);
    forbid('HeadObject', 'PutObject');
    await expect(
      provideCode(packed('third'), 's3', 'artifacts', settings),
    ).rejects.toThrow('Access Denied');
  });

  it.each(['drop', 'error 500', 'throttle', 'drop after'] as const)(
    'puts it there through a passing fault: %s',
    async (fault) => {
      const { aws, endpoint } = await makeBench();
      aws.fault = (_, number) => (number < 2 ? fault : undefined);
      await provideCode(packed(), 's3', 'artifacts', {
        region: 'eu-central-1',
        endpoint,
      });

      expect(aws.objects.size).toBe(1);
    },
  );

  it('needs a bucket for it', async () => {
    expect(
      await rejectionOf(
        provideCode(packed(), 's3', undefined, { region: 'eu-central-1' }),
      ),
    ).toContain('--bucket: the zip of orders is too large');
  });
});
