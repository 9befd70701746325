import { setTimeout as delay } from 'node:timers/promises';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { withManagedBucket } from './sam-bucket';
import { useReleaseBench } from './testing/release-bench';

const makeBench = useReleaseBench();
const makeFolder = useTemporaryFolders();
const STACK = 'aws-sam-cli-managed-default';

describe('the bucket that SAM makes', () => {
  it('is made by one service alone, and the others wait for that', async () => {
    const { aws, endpoint } = await makeBench();
    const { path } = makeFolder();
    const settings = { region: 'eu-central-1', endpoint };
    let makers = 0;
    let deployed = 0;
    const deploy = async (): Promise<void> => {
      if (!aws.stacks.has(STACK)) makers += 1;
      await delay(100);
      aws.stacks.set(STACK, '');
      deployed += 1;
    };
    await Promise.all(
      Array.from({ length: 4 }, () =>
        withManagedBucket(path, settings, deploy),
      ),
    );

    expect([makers, deployed]).toEqual([1, 4]);
  });

  it('is tried again by the next service where the first one fails', async () => {
    const { aws, endpoint } = await makeBench();
    const { path } = makeFolder();
    const settings = { region: 'eu-central-1', endpoint };
    let tries = 0;
    const deploy = async (): Promise<void> => {
      tries += 1;
      await delay(50);
      if (tries === 1) throw new Error('refused');
      aws.stacks.set(STACK, '');
    };
    const ended = await Promise.allSettled(
      Array.from({ length: 2 }, () =>
        withManagedBucket(path, settings, deploy),
      ),
    );

    expect(ended.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
    ]);
  });
});
