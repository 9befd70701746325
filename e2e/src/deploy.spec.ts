import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeploymentRecord } from '../../packages/lambda-py/src/deployment/deployment-record';
import { LocalDeployments } from './support/local-deployments';
import { Workspace } from './support/workspace';

/** By SAM, with a layer; by SAM, behind a queue; by CDK. */
const DIRECT = 'sam-direct';
const QUEUE = 'sam-queue';
const CDK = 'cdk-direct';
const LAYER = 'tools-layer';
/** A stack that DIRECT and CDK share: they import what it exports. */
const TABLES = 'shared-tables';
const TABLES_TEMPLATE = `libs/${TABLES}/infra/template.yaml`;
const FLEET = `--projects=${DIRECT},${QUEUE},${CDK}`;

describe('deploy', () => {
  let workspace: Workspace;
  let deployments: LocalDeployments;
  let firstRun: string;

  beforeAll(() => {
    workspace = Workspace.create('my acme', { isIsolated: false });
    deployments = new LocalDeployments(workspace);
    workspace.nx(['generate', 'lambda-py:init', '--skipLock']);
    const generate = (name: string, source: string, infra: string): void => {
      workspace.nx([
        ...['generate', 'lambda-py:service', name, `--source=${source}`],
        ...[`--infra=${infra}`, '--skipLock'],
      ]);
    };
    generate(DIRECT, 'direct', 'sam');
    generate(QUEUE, 'sqs', 'sam');
    generate(CDK, 'direct', 'cdk');
    workspace.nx([
      ...['generate', 'lambda-py:layer', LAYER, '--dependencies=tenacity'],
      '--skipLock',
    ]);
    workspace.replace(
      `services/${DIRECT}/pyproject.toml`,
      '[tool.lambda-py]\n',
      `[tool.lambda-py]\nlayers = ["${LAYER}"]\n`,
    );
    const template = `services/${DIRECT}/infra/template.yaml`;
    workspace.replace(
      template,
      '      Role: !GetAtt Role.Arn\n',
      '      Role: !GetAtt Role.Arn\n      Layers: [!Ref Tools]\n',
    );
    workspace.replace(
      template,
      '\n  Logs:\n',
      `\n  Tools:\n    Type: AWS::Serverless::LayerVersion\n    Properties:\n      ContentUri: ../../../dist/layers/${LAYER}/${LAYER}.zip\n\n  Logs:\n`,
    );
    // A poisoned message is given up in seconds, and not in ten minutes.
    const queue = `services/${QUEUE}/infra/template.yaml`;
    workspace.write(
      queue,
      workspace
        .read(queue)
        .replace(/VisibilityTimeout: \d+/, 'VisibilityTimeout: 8')
        .replace('maxReceiveCount: 5', 'maxReceiveCount: 2'),
    );
    shareStack();
    workspace.expect('npm', ['install', '--no-audit', '--no-fund', '--silent']);
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.commit('services');
    firstRun = workspace.nx(['run-many', '-t', 'deploy', '-c', 'local', FLEET]);
  });

  afterAll(() => {
    workspace.tryNx(['run', `${DIRECT}:deploy:local`, '--stopEmulator']);
    workspace.remove();
  });

  /** A stack of its own, and two services that are deployed after it. */
  function shareStack(): void {
    workspace.write(
      `libs/${TABLES}/pyproject.toml`,
      `[project]\nname = "${TABLES}"\nversion = "0.1.0"\nrequires-python = ">=3.11"\n\n[tool.uv]\npackage = false\n`,
    );
    workspace.write(
      TABLES_TEMPLATE,
      [
        'AWSTemplateFormatVersion: "2010-09-09"',
        'Resources:',
        '  Orders:',
        '    Type: AWS::DynamoDB::Table',
        '    Properties:',
        '      BillingMode: PAY_PER_REQUEST',
        '      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]',
        '      KeySchema: [{ AttributeName: id, KeyType: HASH }]',
        'Outputs:',
        '  Orders:',
        '    Value: !Ref Orders',
        '    Export: { Name: shared-orders }',
        '',
      ].join('\n'),
    );
    for (const project of [DIRECT, CDK]) {
      workspace.write(
        `services/${project}/project.json`,
        JSON.stringify({ implicitDependencies: [TABLES] }),
      );
      const app = `services/${project}/src/${project.replace('-', '_')}/app.py`;
      workspace.replace(app, 'from .models', 'import os\n\nfrom .models');
      workspace.replace(
        app,
        'with {event.action}"',
        `with {event.action} in {os.environ['SHARED_ORDERS']}"`,
      );
    }
    workspace.replace(
      `services/${DIRECT}/infra/template.yaml`,
      '          IDEMPOTENCY_TABLE:',
      '          SHARED_ORDERS: !ImportValue shared-orders\n          IDEMPOTENCY_TABLE:',
    );
    const stack = `services/${CDK}/infra/stack.py`;
    workspace.replace(stack, '    Duration,\n', '    Duration,\n    Fn,\n');
    workspace.replace(
      stack,
      '                "IDEMPOTENCY_TABLE":',
      '                "SHARED_ORDERS": Fn.import_value("shared-orders"),\n                "IDEMPOTENCY_TABLE":',
    );
  }

  const record = (project: string): DeploymentRecord =>
    deployments.record(project);
  const call = (project: string, id: string): Promise<string> =>
    deployments.call(project, id);
  const form = (fields: Readonly<Record<string, string>>): Promise<string> =>
    deployments.form(fields);

  it('deploys by SAM, with a layer, and by CDK, to a function that answers', async () => {
    expect(record(DIRECT)).toMatchObject({
      strategy: 'template',
      status: 'released',
      version: '1',
      account: '000000000000',
      commit: expect.stringMatching(/^[0-9a-f]{12}\+?$/) as unknown,
    });
    expect(await call(DIRECT, 'a1')).toContain('Processed a1');
    expect(record(CDK)).toMatchObject({ status: 'released', version: '1' });
    expect(await call(CDK, 'a1')).toContain('Processed a1');
  });

  it('deploys a shared stack before the services that import from it, and sums up', async () => {
    for (const project of [DIRECT, CDK]) {
      expect(await call(project, 'a2')).toMatch(
        /in shared-tables-local-Orders-/,
      );
    }
    expect(deployments.outcomes()).toEqual({
      [TABLES]: 'released',
      [DIRECT]: 'released',
      [QUEUE]: 'released',
      [CDK]: 'released',
    });
    expect(firstRun).toMatch(
      /^project +stage +strategy +version +outcome +seconds$/m,
    );
    expect(firstRun).toMatch(
      /^cdk-direct +local +template +1 +released +\d+\.\d$/m,
    );
    expect(firstRun).toContain('4 released');
  });

  it.each([DIRECT, CDK])(
    'deploys changed code by code, shifts the alias, does nothing the second time, and rolls back: %s',
    async (project) => {
      const folder = `services/${project}/src/${project.replace('-', '_')}`;
      workspace.replace(`${folder}/app.py`, 'Processed ', 'Handled ');
      const deploy = [
        ...['run', `${project}:deploy:local`, '--strategy=code'],
        ...['--smokeEvent=good', '--shift=Canary50Percent1Second'],
      ];
      const plan = workspace.nx([...deploy, '--dryRun']);
      expect(plan).toContain('would shift live from version 1');
      expect(await call(project, 'b1')).toContain('Processed b1');

      workspace.nx(deploy);
      expect(record(project)).toMatchObject({
        strategy: 'code',
        status: 'released',
        version: '2',
        previous: '1',
      });
      expect(await call(project, 'b2')).toContain('Handled b2');

      workspace.nx(deploy);
      expect(record(project)).toMatchObject({
        status: 'unchanged',
        version: '2',
      });

      workspace.nx(['run', `${project}:rollback:local`]);
      expect(record(project)).toMatchObject({
        action: 'rollback',
        version: '1',
        previous: '2',
      });
      expect(await call(project, 'b3')).toContain('Processed b3');
      expect(
        workspace.nx(['run', `${project}:rollback:local`, '--list']),
      ).toMatch(/^1 +live/m);
    },
  );

  it('takes back code that fails on the smoke event, and deploys that of the others', async () => {
    workspace.replace(
      `services/${DIRECT}/src/sam_direct/app.py`,
      'return Output(',
      'raise RuntimeError("poison")\n    return Output(',
    );
    for (const project of [QUEUE, CDK]) {
      const folder = `services/${project}/src/${project.replace('-', '_')}`;
      workspace.replace(`${folder}/app.py`, '"""Domain', '"""The domain');
    }
    for (const project of [DIRECT, QUEUE, CDK]) {
      workspace.write(
        `services/${project}/events/smoke.json`,
        JSON.stringify(deployments.event(project, 'smoke')),
      );
    }
    const { exitCode, output } = workspace.tryNx([
      ...['run-many', '-t', 'deploy', '-c', 'local', FLEET, '--parallel=3'],
      ...['--strategy=code', '--smokeEvent=smoke'],
      '--shift=Canary50Percent1Second',
    ]);

    expect(exitCode).not.toBe(0);
    expect(output).toContain('poison');
    expect(deployments.outcomes()).toEqual({
      [TABLES]: 'unchanged',
      [DIRECT]: 'taken back',
      [QUEUE]: 'released',
      [CDK]: 'released',
    });
    expect(output).toMatch(/^sam-direct +local +code +1 +taken back +\d/m);
    expect(record(DIRECT)).toMatchObject({
      status: 'rolled-back',
      version: '1',
    });
    for (const project of [DIRECT, QUEUE, CDK]) {
      const { functionName = '', version } = record(project);
      expect(await deployments.aliasVersions(functionName)).toEqual([version]);
    }
    expect(await call(DIRECT, 'c1')).toContain('Processed c1');
    workspace.replace(
      `services/${DIRECT}/src/sam_direct/app.py`,
      'raise RuntimeError("poison")\n    ',
      '',
    );
  });

  it('skips what waits for a stack that fails, and nothing else', () => {
    workspace.replace(TABLES_TEMPLATE, 'AWS::DynamoDB::Table', 'AWS::No::Such');
    const { exitCode, output } = workspace.tryNx([
      ...['run-many', '-t', 'deploy', '-c', 'local', FLEET, '--parallel=3'],
    ]);

    expect(exitCode).not.toBe(0);
    expect(deployments.outcomes()).toEqual({
      [TABLES]: 'failed',
      [DIRECT]: 'skipped',
      [QUEUE]: expect.stringMatching(/released|unchanged/) as unknown,
      [CDK]: 'skipped',
    });
    expect(output).toMatch(/^cdk-direct +local +skipped/m);
    workspace.replace(TABLES_TEMPLATE, 'AWS::No::Such', 'AWS::DynamoDB::Table');
  });

  it.each(['SIGINT', 'SIGKILL'] as const)(
    'can be interrupted while it shifts, and run again: %s',
    async (signal) => {
      const file = `services/${DIRECT}/src/sam_direct/app.py`;
      workspace.write(file, `${workspace.read(file)}# ${signal}\n`);
      const functionName = deployments.functionName(DIRECT);
      const [before] = await deployments.aliasVersions(functionName);
      const deploy = ['run', `${DIRECT}:deploy:local`, '--strategy=code'];
      const nx = workspace.startNx(
        [...deploy, '--shift=Canary50Percent9Minutes'],
        { stdio: 'ignore', detached: true },
      );
      const hasEnded = once(nx, 'exit');
      const deadline = Date.now() + 120_000;
      const isShifting = async (): Promise<boolean> =>
        (await deployments.aliasVersions(functionName)).length === 2;
      while (!(await isShifting()) && Date.now() < deadline) await delay(200);
      expect(await isShifting()).toBe(true);
      // As a terminal does, to all that Nx has started.
      process.kill(-(nx.pid ?? 0), signal);
      await hasEnded;

      const left = await deployments.aliasVersions(functionName);
      expect(left[0]).toBe(before);
      if (signal === 'SIGINT') expect(left).toHaveLength(1);
      expect(await call(DIRECT, signal)).toContain(` ${signal} with`);
      workspace.nx(deploy);
      const { version } = record(DIRECT);
      expect(await deployments.aliasVersions(functionName)).toEqual([version]);
      expect(version).not.toBe(before);
    },
  );

  it('refuses another account, and a stage that names none', () => {
    const code = ['--strategy=code', '--yes'];
    const wrong = workspace.tryNx([
      ...['run', `${CDK}:deploy:local`, '--account=999999999999', ...code],
    ]);
    expect(wrong.output).toContain('of another account than the stage');
    expect(wrong.exitCode).not.toBe(0);
    const unguarded = workspace.tryNx(
      ['run', `${CDK}:deploy`, '--region=us-east-1', ...code],
      {
        AWS_ENDPOINT_URL: deployments.endpoint,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'secret-of-the-user',
      },
    );
    expect(unguarded.output).toContain('the stage default names no account');
    expect(unguarded.output).not.toContain('secret-of-the-user');
    expect(unguarded.exitCode).not.toBe(0);
  });

  it('guards a stage of many services where nobody can be asked, and plans as JSON', () => {
    const nxJson = JSON.parse(workspace.read('nx.json')) as object;
    const stage = { region: 'us-east-1', protected: true };
    workspace.write(
      'nx.json',
      JSON.stringify({
        ...nxJson,
        targetDefaults: {
          deploy: {
            configurations: {
              prod: { ...stage, account: '000000000000' },
              other: { ...stage, account: '999999999999' },
            },
          },
        },
      }),
    );
    const deploy = (stageName: string, ...options: readonly string[]) =>
      workspace.tryNx(
        [
          ...['run-many', '-t', 'deploy', '-c', stageName, '--strategy=code'],
          ...[`--projects=${DIRECT},${CDK}`, ...options],
          `--stackName=${DIRECT}-local`,
        ],
        {
          AWS_ENDPOINT_URL: deployments.endpoint,
          AWS_ACCESS_KEY_ID: 'test',
          AWS_SECRET_ACCESS_KEY: 'secret-of-the-user',
        },
      );
    const refused = deploy('prod');
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain('protected, and nobody can be asked');
    const wrong = deploy('other', '--yes');
    expect(wrong.exitCode).not.toBe(0);
    expect(wrong.output).toContain('of another account than the stage');
    // Nx hides what succeeds from a terminal of many tasks where nobody asks for it.
    const planned = deploy(
      'prod',
      ...['--dryRun', '--json', '--output-style=static'],
    );
    expect(planned.exitCode).toBe(0);
    const records = planned.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as DeploymentRecord);
    expect(
      records.map(({ project, status }) => `${project} ${status}`).sort(),
    ).toEqual([`${CDK} planned`, `${DIRECT} planned`, `${TABLES} planned`]);
    expect(deployments.outcomes()).toEqual({
      [TABLES]: 'planned',
      [DIRECT]: 'planned',
      [CDK]: 'planned',
    });
    for (const { output } of [refused, wrong, planned]) {
      expect(output).not.toContain('secret-of-the-user');
    }
  });

  it('brings a poisoned message to the queue of failed events, and a good one not', async () => {
    const queueOf = async (resource: string): Promise<string> => {
      const text = await form({
        Action: 'DescribeStackResource',
        StackName: `${QUEUE}-local`,
        LogicalResourceId: resource,
      });
      return /<PhysicalResourceId>([^<]+)</.exec(text)?.[1] ?? '';
    };
    // A first start may take longer than the message is hidden.
    await call(QUEUE, 'warm');
    const source = await queueOf('Queue');
    const failed = await queueOf('FailedEvents');
    const bodyOf = (event: string): string =>
      (
        JSON.parse(
          workspace.read(`services/${QUEUE}/events/${event}.json`),
        ) as { Records: { body: string }[] }
      ).Records[0]?.body ?? '';
    for (const event of ['good', 'bad']) {
      await form({
        Action: 'SendMessage',
        QueueUrl: source,
        MessageBody: bodyOf(event),
      });
    }
    let received = '';
    const deadline = Date.now() + 60_000;
    while (!received.includes('<Message>') && Date.now() < deadline) {
      await delay(1_000);
      received = await form({
        Action: 'ReceiveMessage',
        QueueUrl: failed,
        MaxNumberOfMessages: '10',
        VisibilityTimeout: '0',
      });
    }

    expect(received.match(/<Message>/g)).toHaveLength(1);
    expect(received).toContain('destroy');
  });

  it('stops the emulator', async () => {
    const address = deployments.endpoint;
    workspace.nx(['run', `${DIRECT}:deploy:local`, '--stopEmulator']);

    await expect(fetch(address)).rejects.toThrow();
    expect(
      existsSync(join(workspace.root, '.nx/lambda-py/emulator/emulator.json')),
    ).toBe(false);
  });
});
