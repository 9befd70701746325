import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { strToU8, zipSync } from 'fflate';
import { formatHistory } from '../../../packages/lambda-py/src/deployment/alias-history';
import { clientSettings } from '../../../packages/lambda-py/src/deployment/aws-settings';
import type { DeploymentJob } from './deployment-job';

/** The account of an emulator. */
export const EMULATOR_ACCOUNT = '000000000000';

/** Code that works, and tells which it is. */
export function goodCode(name: string): string {
  return `def handler(event, context):\n    return {"code": "${name}"}\n`;
}

/** Code that fails, on the alias alone where `only` says so. */
export function brokenCode(only: 'always' | 'on the alias'): string {
  const condition =
    only === 'always'
      ? 'True'
      : 'context.invoked_function_arn.endswith(":live")';
  return `def handler(event, context):\n    if ${condition}:\n        raise RuntimeError("broken")\n    return {}\n`;
}

/** The clients of an emulator, which all functions share. */
export interface EmulatorClients {
  readonly lambda: LambdaClient;
  readonly cloudFormation: CloudFormationClient;
}

/** Connects to an emulator. */
export function connectToEmulator(endpoint: string): EmulatorClients {
  const settings = clientSettings({ region: 'us-east-1', endpoint });
  return {
    lambda: new LambdaClient(settings),
    cloudFormation: new CloudFormationClient(settings),
  };
}

/** A function on an emulator whose alias `live` is on version 1, and its service in a workspace. */
export class DeployedFunction {
  private constructor(
    private readonly client: LambdaClient,
    readonly name: string,
    private readonly workspaceRoot: string,
  ) {}

  /** Makes a function, its stack and its service; what is packed is not deployed yet. */
  static async create(
    clients: EmulatorClients,
    workspaceRoot: string,
    name: string,
  ): Promise<DeployedFunction> {
    const made = new DeployedFunction(clients.lambda, name, workspaceRoot);
    await Promise.all([
      made.makeFunction(),
      makeStack(clients.cloudFormation, name),
    ]);
    made.write(
      'pyproject.toml',
      `[project]\nname = "${name}"\n[tool.lambda-py]\nhandler = "app.handler"\nruntime = "python3.13"\n`,
    );
    made.write('events/good.json', '{}');
    made.pack(goodCode('second'));
    return made;
  }

  private async makeFunction(): Promise<void> {
    const { client, name: FunctionName } = this;
    await client.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'python3.13',
        Handler: 'app.handler',
        Role: `arn:aws:iam::${EMULATOR_ACCOUNT}:role/none`,
        Code: { ZipFile: zipOf(goodCode('first')) },
      }),
    );
    await client.send(new PublishVersionCommand({ FunctionName }));
    await client.send(
      new CreateAliasCommand({
        FunctionName,
        Name: 'live',
        FunctionVersion: '1',
      }),
    );
  }

  /** Gives the alias version 2, with the history that a release leaves. */
  async release(): Promise<void> {
    const { client, name: FunctionName } = this;
    const ZipFile = zipOf(goodCode('second'));
    await client.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
    await client.send(new PublishVersionCommand({ FunctionName }));
    await client.send(
      new UpdateAliasCommand({
        FunctionName,
        Name: 'live',
        FunctionVersion: '2',
        Description: formatHistory({ versions: ['2', '1'] }),
      }),
    );
  }

  /** Puts a zip of this code where `pack` would. */
  pack(code: string): void {
    const zip = zipOf(code);
    const place = join(this.workspaceRoot, 'dist/services', this.name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${this.name}.zip`), zip);
    writeFileSync(
      join(place, `${this.name}.manifest.json`),
      JSON.stringify({
        handler: 'app.handler',
        runtime: 'python3.13',
        architecture: 'x86_64',
        sha256: createHash('sha256').update(zip).digest('hex'),
      }),
    );
  }

  job(
    action: DeploymentJob['action'],
    endpoint: string,
    changes: Partial<DeploymentJob> = {},
  ): DeploymentJob {
    return {
      action,
      workspaceRoot: this.workspaceRoot,
      projectRoot: `services/${this.name}`,
      stackName: `${this.name}-test`,
      endpoint,
      account: EMULATOR_ACCOUNT,
      maxAttempts: 4,
      requestTimeoutMs: 30_000,
      ...changes,
    };
  }

  /** Invokes every version that the alias names, and the alias; returns what they answer, the alias last. */
  async call(): Promise<readonly unknown[]> {
    const { versions } = await this.alias();
    const answers: unknown[] = [];
    for (const qualifier of [...versions, 'live']) {
      const { Payload, FunctionError } = await this.client.send(
        new InvokeCommand({ FunctionName: this.name, Qualifier: qualifier }),
      );
      const payload = Buffer.from(Payload ?? []).toString();
      answers.push(FunctionError === undefined ? JSON.parse(payload) : payload);
    }
    return answers;
  }

  /** The versions that the alias names, the main one first. */
  async alias(): Promise<{ readonly versions: readonly string[] }> {
    const { FunctionVersion, RoutingConfig } = await this.client.send(
      new GetAliasCommand({ FunctionName: this.name, Name: 'live' }),
    );
    return {
      versions: [
        FunctionVersion ?? '',
        ...Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}),
      ],
    };
  }

  /** Does what somebody else would do meanwhile. */
  async changeMeanwhile(what: 'alias' | 'code'): Promise<void> {
    const { client, name: FunctionName } = this;
    if (what === 'code') {
      const ZipFile = zipOf(goodCode('of somebody else'));
      await client.send(
        new UpdateFunctionCodeCommand({ FunctionName, ZipFile }),
      );
      return;
    }
    await client.send(
      new UpdateAliasCommand({
        FunctionName,
        Name: 'live',
        FunctionVersion: '1',
        Description: 'of somebody else',
        RoutingConfig: { AdditionalVersionWeights: {} },
      }),
    );
  }

  /** Removes the function, with the processes that it runs in. */
  async remove(): Promise<void> {
    await this.client.send(
      new DeleteFunctionCommand({ FunctionName: this.name }),
    );
  }

  private write(file: string, content: string): void {
    const path = join(this.workspaceRoot, 'services', this.name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

function zipOf(code: string): Uint8Array {
  // The time of a zip's entry would make other bytes of it.
  return zipSync({ 'app.py': strToU8(code) }, { mtime: '2020-01-01' });
}

/** A stack that names the function, as the generated infrastructure does. */
async function makeStack(
  client: CloudFormationClient,
  name: string,
): Promise<void> {
  const StackName = `${name}-test`;
  await client.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({
        Resources: {
          Note: {
            Type: 'AWS::SSM::Parameter',
            Properties: { Name: `/${name}`, Type: 'String', Value: name },
          },
        },
        Outputs: { FunctionName: { Value: name } },
      }),
    }),
  );
  let status = '';
  while (status !== 'CREATE_COMPLETE') {
    const { Stacks } = await client.send(
      new DescribeStacksCommand({ StackName }),
    );
    status = Stacks?.[0]?.StackStatus ?? '';
    if (status.endsWith('FAILED')) throw new Error(`${StackName}: ${status}`);
    await delay(20);
  }
}
