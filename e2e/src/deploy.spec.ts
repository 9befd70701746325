import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeploymentRecord } from '../../packages/lambda-py/src/deployment/deployment-record';
import { Workspace } from './support/workspace';

/** By SAM, with a layer; by SAM, behind a queue; by CDK. */
const DIRECT = 'sam-direct';
const QUEUE = 'sam-queue';
const CDK = 'cdk-direct';
const LAYER = 'tools-layer';

describe('deploy', () => {
  let workspace: Workspace;

  beforeAll(() => {
    workspace = Workspace.create('my acme');
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
    workspace.expect('npm', ['install', '--no-audit', '--no-fund', '--silent']);
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.commit('services');
    workspace.nx([
      ...['run-many', '-t', 'deploy', '--configuration=local'],
      `--projects=${DIRECT},${QUEUE},${CDK}`,
    ]);
  });

  afterAll(() => {
    workspace.tryNx(['run', `${DIRECT}:deploy:local`, '--stopEmulator']);
    workspace.remove();
  });

  const record = (project: string): DeploymentRecord =>
    JSON.parse(
      workspace.read(`dist/deployments/local/${project}.json`),
    ) as DeploymentRecord;

  const endpoint = (): string =>
    `http://127.0.0.1:${(JSON.parse(workspace.read('.nx/lambda-py/emulator/emulator.json')) as { port: number }).port}`;

  /** Invokes the alias with an id of its own: the services answer one that they know from their table. */
  async function call(project: string, id: string): Promise<string> {
    const { functionName } = record(project);
    const response = await fetch(
      `${endpoint()}/2015-03-31/functions/${functionName ?? ''}/invocations?Qualifier=live`,
      {
        method: 'POST',
        body: JSON.stringify({
          ...(JSON.parse(
            workspace.read(`services/${project}/events/good.json`),
          ) as object),
          id,
        }),
      },
    );
    return response.text();
  }

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

  it('takes back code that fails on the smoke event', async () => {
    const file = `services/${DIRECT}/src/sam_direct/app.py`;
    workspace.replace(
      file,
      'return Output(',
      'raise RuntimeError("poison")\n    return Output(',
    );
    const event = {
      ...(JSON.parse(
        workspace.read(`services/${DIRECT}/events/good.json`),
      ) as object),
      id: 'smoke',
    };
    workspace.write(
      `services/${DIRECT}/events/smoke.json`,
      JSON.stringify(event),
    );
    const { exitCode, output } = workspace.tryNx([
      ...['run', `${DIRECT}:deploy:local`, '--strategy=code'],
      '--smokeEvent=smoke',
    ]);

    expect(exitCode).not.toBe(0);
    expect(output).toContain('poison');
    expect(record(DIRECT)).toMatchObject({
      status: 'rolled-back',
      version: '1',
    });
    expect(await call(DIRECT, 'c1')).toContain('Processed c1');
  });

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
        AWS_ENDPOINT_URL: endpoint(),
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'secret-of-the-user',
      },
    );
    expect(unguarded.output).toContain('the stage default names no account');
    expect(unguarded.output).not.toContain('secret-of-the-user');
    expect(unguarded.exitCode).not.toBe(0);
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
    const address = endpoint();
    workspace.nx(['run', `${DIRECT}:deploy:local`, '--stopEmulator']);

    await expect(fetch(address)).rejects.toThrow();
    expect(
      existsSync(join(workspace.root, '.nx/lambda-py/emulator/emulator.json')),
    ).toBe(false);
  });

  /** Asks the emulator as AWS's query protocol does. */
  async function form(fields: Readonly<Record<string, string>>) {
    const service = 'StackName' in fields ? 'cloudformation' : 'sqs';
    const response = await fetch(endpoint(), {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams(fields),
    });
    return response.text();
  }
});
