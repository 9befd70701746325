import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { useReleaseBench } from './testing/release-bench';

const makeBench = useReleaseBench();

/** Each step that changes something, or comes between two that do: the operation, and the how manieth of its kind. */
const STEPS: readonly (readonly [string, number])[] = [
  ['UpdateFunctionCode', 1],
  ['PublishVersion', 1],
  ['Invoke', 1],
  ['UpdateAlias', 1],
  ['DescribeAlarms', 2],
  ['UpdateAlias', 2],
  ['Invoke', 2],
];

describe('a process that releases', () => {
  it.each(STEPS)(
    'can be killed by SIGKILL once AWS has done %s, %i',
    async (operation, times) => {
      const made = await makeBench();
      made.aws.alarms.set('errors', 'OK');
      const isDone = new Promise<void>((resolve) => {
        let seen = 0;
        made.aws.fault = (request) => {
          if (request.operation === operation) seen += 1;
          if (seen < times) return undefined;
          setImmediate(resolve);
          return 'hang after';
        };
      });
      const child = spawn(
        process.execPath,
        [join(__dirname, 'testing/release-child.js'), made.endpoint],
        { stdio: 'ignore' },
      );
      await isDone;
      child.kill('SIGKILL');
      await once(child, 'exit');

      expect(made.lambda.violations).toEqual([]);
      expect(made.lambda.alias?.version).toMatch(/^[12]$/);
      made.aws.fault = () => undefined;
      expect(
        await made.release({
          shift: 'Canary10Percent5Minutes',
          smokeEvent: '{}',
          alarms: ['errors'],
        }),
      ).toMatchObject({ version: '2' });
      expect(made.lambda.alias).toMatchObject({ version: '2', weights: {} });
      expect(made.lambda.uploads).toBe(1);
      expect(made.lambda.versions.size).toBe(2);
    },
  );
});
