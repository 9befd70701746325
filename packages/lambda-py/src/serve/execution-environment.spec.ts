import { findPython } from '../workspace/python';
import { runtimeOfPython } from '../workspace/runtimes';
import type { Runtime } from '../workspace/runtimes';
import { makeTestWorkspace } from '../runtime/testing/test-workspace';
import { prepareFunction } from '../runtime/invoke';
import type { PreparedFunction } from '../runtime/invoke';
import { ExecutionEnvironment } from './execution-environment';
import type { EnvironmentAnswer } from './execution-environment';

// The real awslambdaric, in a real interpreter.
const workspace = makeTestWorkspace();
const running: ExecutionEnvironment[] = [];
let runtime: Runtime;
let zips = 0;
let log = '';

beforeAll(async () => {
  const { version } = await findPython(workspace.root);
  const found = runtimeOfPython(version);
  if (found === undefined) throw new Error(`Lambda has no Python ${version}`);
  runtime = found;
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  log = '';
});
afterAll(() => {
  workspace.remove();
});

async function prepare(...lines: readonly string[]): Promise<PreparedFunction> {
  zips += 1;
  return prepareFunction(
    workspace.root,
    workspace.zip(`${zips}.zip`, { 'main.py': lines.join('\n') }),
    {
      name: 'orders',
      handler: 'main.handler',
      runtime,
      memoryMb: 512,
      timeoutSeconds: 1,
      environment: {},
    },
  );
}

async function start(
  ...lines: readonly string[]
): Promise<ExecutionEnvironment> {
  const environment = ExecutionEnvironment.start(
    await prepare(...lines),
    (text) => {
      log += text;
    },
  );
  running.push(environment);
  return environment;
}

const invoke = (
  environment: ExecutionEnvironment,
  event: unknown = {},
): Promise<EnvironmentAnswer> =>
  environment.invoke(Buffer.from(JSON.stringify(event)));

describe('ExecutionEnvironment', () => {
  it('is initialised once, and invoked many times', async () => {
    const environment = await start(
      'count = 0',
      'def handler(event, context):',
      '    global count',
      '    count += 1',
      '    if event.get("fail"): raise ValueError("no")',
      '    return [count, context.aws_request_id]',
    );
    expect(await environment.ready()).toBe(true);
    const first = await invoke(environment);
    expect(JSON.parse(first.payload.toString())).toEqual([1, first.requestId]);
    const failed = await invoke(environment, { fail: 1 });
    expect(failed.error?.errorType).toBe('ValueError');
    const third = await invoke(environment);
    expect(JSON.parse(third.payload.toString())).toEqual([3, third.requestId]);
    expect(environment.isSpent).toBe(false);
    expect(log.match(/^START RequestId: /gm)).toHaveLength(3);
    expect(log.match(/^REPORT .*Max Memory Used: [1-9]\d* MB/gm)).toHaveLength(
      3,
    );
    expect(log.match(/Init Duration/g)).toHaveLength(1);
  });

  it.each([
    ['a timeout', 'while True: pass', 'Sandbox.Timedout', /Task timed out/],
    ['an exit', 'import os; os._exit(3)', 'Runtime.ExitError', /exit status 3/],
  ])('is spent after %s', async (_, line, errorType, message) => {
    const environment = await start(
      'def handler(event, context):',
      `    ${line}`,
    );
    const { error } = await invoke(environment);
    expect(error).toMatchObject({
      errorType,
      errorMessage: expect.stringMatching(message) as unknown,
    });
    expect(environment.isSpent).toBe(true);
    expect(log).toMatch(/^END RequestId: /m);
  });

  it('is spent where it cannot be initialised', async () => {
    const environment = await start('import missing');
    expect(await environment.ready()).toBe(false);
    expect((await invoke(environment)).error?.errorType).toBe(
      'Runtime.ImportModuleError',
    );
    expect(environment.isSpent).toBe(true);
    expect(log).toContain("No module named 'missing'");
  });

  it('stops in the middle of anything', async () => {
    const environment = await start('while True: pass');
    await environment.stop();
    expect(environment.isSpent).toBe(true);
  });
});
