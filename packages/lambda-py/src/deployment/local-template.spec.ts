import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTemporaryFolders } from '../testing/temporary-folder';
import { recordPath, writeRecord } from './deployment-record';
import { emulatorEnvironment } from './emulator';
import { defaultStackName } from './function-name';
import { withoutCodeDeploy } from './local-template';
import { samArguments } from './sam-deploy';
import type { TemplateDeployment } from './template-deployment';

const makeFolder = useTemporaryFolders();

describe('a template for the emulator', () => {
  it('has no CodeDeploy, and nothing that refers to it', () => {
    const template = {
      Resources: {
        Alias: {
          Type: 'AWS::Lambda::Alias',
          UpdatePolicy: { CodeDeployLambdaAliasUpdate: {} },
          DependsOn: ['Group', 'Role'],
        },
        Group: { Type: 'AWS::CodeDeploy::DeploymentGroup' },
        Role: { Type: 'AWS::IAM::Role', DependsOn: 'Group' },
      },
    };
    withoutCodeDeploy(template);

    expect(template).toEqual({
      Resources: {
        Alias: { Type: 'AWS::Lambda::Alias', DependsOn: ['Role'] },
        Role: { Type: 'AWS::IAM::Role' },
      },
    });
  });
});

describe('the emulator', () => {
  it("sees nothing of the user's account, and nobody else sees it", () => {
    expect(
      emulatorEnvironment({ AWS_PROFILE: 'mine', HOME: '/home' }, 4567),
    ).toMatchObject({ HOME: '/home', BIND_HOST: '127.0.0.1' });
    expect(emulatorEnvironment({ AWS_PROFILE: 'mine' }, 1)).not.toHaveProperty(
      'AWS_PROFILE',
    );
  });
});

describe('samArguments', () => {
  const deployment = {
    project: { projectName: 'orders', projectRoot: 'services/orders' },
    stackName: 'orders-prod',
    settings: { region: 'eu-central-1' },
    parameters: {},
  } as TemplateDeployment;

  it('never asks, and fails for no empty change', () => {
    const args = samArguments(deployment, 't.yaml');

    expect(args).toContain('--no-confirm-changeset');
    expect(args).toContain('--no-fail-on-empty-changeset');
    expect(args).toContain('--resolve-s3');
  });

  it('quotes what SAM would take apart', () => {
    const args = samArguments(
      {
        ...deployment,
        bucket: 'artifacts',
        parameters: { A: 'two words', B: 'a "quote" \\' },
      },
      't.yaml',
    );

    expect(args.slice(args.indexOf('--parameter-overrides') + 1)).toEqual([
      'A="two words"',
      'B="a \\"quote\\" \\\\"',
    ]);
    expect(args).toContain('artifacts');
  });
});

describe('defaultStackName', () => {
  it.each([
    ['orders', 'default', 'sam', 'orders'],
    ['orders', 'prod', 'sam', 'orders-prod'],
    ['orders', 'prod,eu_1', 'sam', 'orders-prod-eu-1'],
    ['order-events', 'prod', 'cdk', 'OrderEvents'],
  ] as const)('of %s on %s with %s is %s', (name, stage, kind, expected) => {
    expect(defaultStackName(name, stage, kind)).toBe(expected);
  });
});

describe('a record', () => {
  it('stands in a folder of its stage, whatever that is called', () => {
    const { path } = makeFolder();
    const record = {
      project: 'orders',
      stage: '../prod',
      action: 'deploy',
      status: 'released',
      time: '2026-01-01T00:00:00Z',
    } as const;
    writeRecord(path, record);
    const file = join(path, recordPath(record));

    expect(recordPath(record)).toBe(
      'dist/deployments/%2E%2E%2Fprod/orders.json',
    );
    expect(existsSync(file)).toBe(true);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(record);
  });
});
