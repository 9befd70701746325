import type { DeploymentRecord } from '../../../packages/lambda-py/src/deployment/deployment-record';
import type { SummaryRow } from '../../../packages/lambda-py/src/deployment/run-summary/summary';
import type { Workspace } from './workspace';

/** What is deployed to a workspace's emulator. */
export class LocalDeployments {
  private readonly names = new Map<string, string>();

  constructor(private readonly workspace: Workspace) {}

  get endpoint(): string {
    const { port } = JSON.parse(
      this.workspace.read('.nx/lambda-py/emulator/emulator.json'),
    ) as { readonly port: number };
    return `http://127.0.0.1:${port}`;
  }

  /** The function of a service, whose record has it wherever a deployment came to the function. */
  functionName(project: string): string {
    const { functionName = this.names.get(project) ?? '' } =
      this.record(project);
    this.names.set(project, functionName);
    return functionName;
  }

  /** The record of the last deployment of a project. */
  record(project: string): DeploymentRecord {
    return JSON.parse(
      this.workspace.read(`dist/deployments/local/${project}.json`),
    ) as DeploymentRecord;
  }

  /** How each project ended in the last run of Nx. */
  outcomes(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.summary().map(({ project, outcome }) => [project, outcome]),
    );
  }

  summary(): readonly SummaryRow[] {
    const { deployments } = JSON.parse(
      this.workspace.read('dist/deployments/summary.json'),
    ) as { readonly deployments: readonly SummaryRow[] };
    return deployments;
  }

  /** Invokes the alias with an id of its own: the services answer one that they know from their table. */
  async call(project: string, id: string): Promise<string> {
    const functionName = this.functionName(project);
    const response = await fetch(
      `${this.endpoint}/2015-03-31/functions/${functionName}/invocations?Qualifier=live`,
      { method: 'POST', body: JSON.stringify(this.event(project, id)) },
    );
    return response.text();
  }

  /** A service's good event, with an id of its own. */
  event(project: string, id: string): object {
    const good = JSON.parse(
      this.workspace.read(`services/${project}/events/good.json`),
    ) as object;
    return { ...good, id };
  }

  /** The versions that the alias of a function names, the main one first. */
  async aliasVersions(functionName: string): Promise<readonly string[]> {
    const response = await fetch(
      `${this.endpoint}/2015-03-31/functions/${functionName}/aliases/live`,
    );
    const { FunctionVersion, RoutingConfig } = (await response.json()) as {
      readonly FunctionVersion: string;
      readonly RoutingConfig?: {
        readonly AdditionalVersionWeights?: Readonly<Record<string, number>>;
      };
    };
    const weights = RoutingConfig?.AdditionalVersionWeights ?? {};
    return [FunctionVersion, ...Object.keys(weights)];
  }

  /** Asks the emulator as AWS's query protocol does. */
  async form(fields: Readonly<Record<string, string>>): Promise<string> {
    const service = 'StackName' in fields ? 'cloudformation' : 'sqs';
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: new URLSearchParams(fields),
    });
    return response.text();
  }
}
