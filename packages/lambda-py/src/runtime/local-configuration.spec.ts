import { configureLocally } from './local-configuration';
import type { LocalOptions } from './local-configuration';
import { makeTestWorkspace } from './testing/test-workspace';

const workspace = makeTestWorkspace();
afterAll(() => {
  workspace.remove();
});

function configure(projectName: string, options: LocalOptions = {}) {
  const projectRoot = `services/${projectName}`;
  return configureLocally(
    workspace.root,
    { projectName, projectRoot, handler: 'a.b' },
    options,
  );
}

function writeTemplate(project: string, ...properties: readonly string[]) {
  workspace.write(
    `services/${project}/infra/template.yaml`,
    [
      'Resources:',
      '  Function:',
      '    Type: AWS::Serverless::Function',
      '    Properties:',
      ...properties.map((line) => `      ${line}`),
    ].join('\n'),
  );
}

describe('configureLocally', () => {
  it('has defaults for a service without a template', () => {
    expect(configure('terraformed')).toEqual({
      timeoutSeconds: 30,
      memoryMb: 512,
      environment: {},
    });
  });

  it('takes options over the file of variables over the template', () => {
    writeTemplate(
      'orders',
      'Timeout: 5',
      'MemorySize: 256',
      'Environment:',
      '  Variables: {LEVEL: INFO, STAGE: prod, TABLE: !Ref Table, QUEUE: !Ref Queue}',
    );
    workspace.write('services/orders/local.env', 'STAGE=local\nTABLE=orders\n');
    expect(configure('orders', { memory: 128 })).toEqual({
      timeoutSeconds: 5,
      memoryMb: 128,
      environment: { LEVEL: 'INFO', STAGE: 'local', TABLE: 'orders' },
      hint: 'services/orders/infra/template.yaml gives variables values that only AWS knows, so they are not set here: QUEUE (!Ref Queue). Set them in services/orders/local.env.',
    });
    workspace.write('other.env', 'QUEUE=q\nTABLE=t\n');
    expect(configure('orders', { envFile: 'other.env' })).not.toHaveProperty(
      'hint',
    );
  });

  it('names the place of a value that Lambda would not take', () => {
    writeTemplate('wide', 'Timeout: 901');
    expect(() => configure('wide')).toThrow(
      /wide\/infra\/template\.yaml: Timeout: [^]*901[^]*from 1 to 900/,
    );
    expect(() => configure('wide', { timeout: 0 })).toThrow(/^--timeout: /);
    expect(() => configure('wide', { timeout: 1, memory: 64 })).toThrow(
      /^--memory: [^]*from 128 to 10240/,
    );
  });
});
