import type { NxJsonConfiguration } from '@nx/devkit';
import { rollbackStages } from './stages';

const LOCAL = { local: { emulator: true } };
const PROD = {
  account: '123456789012',
  region: 'eu-central-1',
  protected: true,
};

describe('the stages of a rollback', () => {
  it('are those of the deployment, without what it alone knows', () => {
    const deploy = {
      configurations: { prod: { ...PROD, shift: 'AllAtOnce', alarms: ['a'] } },
    };

    expect(rollbackStages({ targetDefaults: { deploy } }, 'deploy')).toEqual({
      ...LOCAL,
      prod: PROD,
    });
    expect(
      rollbackStages(
        { targetDefaults: { 'lambda-py:deploy': deploy } },
        'ship',
      ),
    ).toEqual({ ...LOCAL, prod: PROD });
  });

  it.each([
    {},
    { targetDefaults: [] },
    { targetDefaults: { deploy: { configurations: 3 } } },
    { targetDefaults: { deploy: null } },
  ])('are the local one alone where nx.json has none: %j', (nxJson) => {
    expect(
      rollbackStages(nxJson as unknown as NxJsonConfiguration, 'deploy'),
    ).toEqual(LOCAL);
  });

  it('survive a stage that is no table', () => {
    expect(
      rollbackStages(
        {
          targetDefaults: {
            deploy: { configurations: { prod: 1 } },
          },
        },
        'deploy',
      ),
    ).toEqual({ ...LOCAL, prod: {} });
  });
});
