import { findRuntime } from '../workspace/runtimes';
import { readEnvFile } from './env-file';
import {
  functionArn,
  functionEnvironment,
  makeTraceId,
} from './function-environment';
import type { FunctionConfiguration } from './function-environment';
import { makeTestWorkspace } from './testing/test-workspace';

const workspace = makeTestWorkspace();
afterAll(() => {
  workspace.remove();
});

function configure(
  environment: Record<string, string> = {},
): FunctionConfiguration {
  return {
    name: 'orders',
    handler: 'orders.handler.handler',
    runtime: findRuntime('python3.13')!,
    memoryMb: 256,
    timeoutSeconds: 3,
    environment,
  };
}

function environmentOf(
  own: Record<string, string> = {},
  host: NodeJS.ProcessEnv = {},
): Record<string, string> {
  return functionEnvironment(
    configure(own),
    {
      taskRoot: '/task',
      layerRoots: ['/upper/python', '/lower/python'],
      runtimeClient: '/client',
      temporary: '/temporary',
      runtimeApi: '127.0.0.1:9',
    },
    host,
  );
}

describe('functionEnvironment', () => {
  it('takes nothing from the user but where programs and libraries are', () => {
    const environment = environmentOf(
      {},
      {
        PATH: '/bin',
        LD_LIBRARY_PATH: '/lib',
        AWS_ACCESS_KEY_ID: 'AKIAREAL',
        HOME: '/root',
        HTTP_PROXY: 'x',
      },
    );
    expect(environment).toMatchObject({
      PATH: '/bin',
      LD_LIBRARY_PATH: '/lib',
      HOME: '/temporary',
    });
    expect(environment['AWS_ACCESS_KEY_ID']).toBe('LOCALLOCALLOCALLOCAL');
    expect(environment).not.toHaveProperty('HTTP_PROXY');
  });

  it('has what Lambda sets', () => {
    expect(environmentOf()).toMatchObject({
      _HANDLER: 'orders.handler.handler',
      LAMBDA_TASK_ROOT: '/task',
      PYTHONPATH: '/task:/upper/python:/lower/python:/client',
      AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9',
      AWS_LAMBDA_FUNCTION_NAME: 'orders',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/orders',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(
        /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/,
      ) as string,
      AWS_EXECUTION_ENV: 'AWS_Lambda_python3.13',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      TZ: ':UTC',
    });
  });

  it("lets the user's variables win, where Lambda does", () => {
    const own = {
      TABLE: 'orders',
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      PYTHONPATH: '/more',
      TZ: 'Europe/Berlin',
    };
    expect(environmentOf(own)).toMatchObject({
      ...own,
      AWS_DEFAULT_REGION: 'eu-central-1',
      PYTHONPATH: '/task:/more:/upper/python:/lower/python:/client',
    });
    expect(functionArn(configure(own))).toBe(
      'arn:aws:lambda:eu-central-1:123456789012:function:orders',
    );
  });

  it('refuses variables that Lambda reserves', () => {
    expect(() =>
      environmentOf({ _HANDLER: 'x', AWS_LAMBDA_RUNTIME_API: 'y', A: 'b' }),
    ).toThrow(
      /reserves cannot be set\n {2}found: +_HANDLER, AWS_LAMBDA_RUNTIME_API\n/,
    );
  });
});

describe('makeTraceId', () => {
  it("has X-Ray's format and is not sampled", () => {
    expect(makeTraceId(new Date(0x65_00_00_00 * 1000))).toMatch(
      /^Root=1-65000000-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/,
    );
  });
});

describe('readEnvFile', () => {
  it("reads the service's own file where there is one, and a file that is named", () => {
    expect(readEnvFile(workspace.root, 'services/orders')).toEqual({});
    workspace.write(
      'services/orders/local.env',
      '# local\nTABLE=orders\nGREETING="hello world"\n',
    );
    workspace.write('other.env', 'TABLE=other');
    expect(readEnvFile(workspace.root, 'services/orders')).toEqual({
      TABLE: 'orders',
      GREETING: 'hello world',
    });
    expect(readEnvFile(workspace.root, 'services/orders', 'other.env')).toEqual(
      { TABLE: 'other' },
    );
  });

  it('misses a file that is named', () => {
    expect(() =>
      readEnvFile(workspace.root, 'services/orders', 'missing.env'),
    ).toThrow(/^missing\.env: .*\n {2}found: +ENOENT/);
  });
});
