import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { findPython } from '../workspace/python';
import { findRuntime, runtimeOfPython } from '../workspace/runtimes';
import type { Runtime } from '../workspace/runtimes';
import {
  invokeFunction,
  invokeInOneEnvironment,
  prepareFunction,
} from './invoke';
import type { Invocation, InvocationOptions } from './invoke';
import { makeTestWorkspace } from './testing/test-workspace';

// The real awslambdaric, in a real interpreter: that of this machine, or the one that LAMBDA_PY_TEST_RUNTIME names.
const workspace = makeTestWorkspace();
let runtime: Runtime;
let zips = 0;

beforeAll(async () => {
  const { version } = await findPython(workspace.root);
  const found =
    findRuntime(process.env['LAMBDA_PY_TEST_RUNTIME'] ?? '') ??
    runtimeOfPython(version);
  if (found === undefined) throw new Error(`Lambda has no Python ${version}`);
  runtime = found;
});
afterAll(() => {
  workspace.remove();
});

interface Setup extends Partial<InvocationOptions> {
  readonly handler?: string;
  readonly timeoutSeconds?: number;
  readonly memoryMb?: number;
  readonly environment?: Readonly<Record<string, string>>;
}

async function invoke(source: string, setup: Setup = {}): Promise<Invocation> {
  const { handler, timeoutSeconds, memoryMb, environment, ...options } = setup;
  zips += 1;
  const artifact = workspace.zip(`dist/${zips}.zip`, {
    'app/__init__.py': '',
    'app/main.py': source,
  });
  const prepared = await prepareFunction(workspace.root, artifact, {
    name: 'orders',
    handler: handler ?? 'app.main.handler',
    runtime,
    memoryMb: memoryMb ?? 512,
    timeoutSeconds: timeoutSeconds ?? 20,
    environment: environment ?? {},
  });
  return invokeFunction(prepared, { event: '{}', ...options });
}

function handlerOf(...lines: readonly string[]): string {
  return [
    'def handler(event, context):',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
}

function responseOf({ payload }: Invocation): unknown {
  return JSON.parse(payload.toString('utf8'));
}

interface Outcome {
  readonly title: string;
  readonly source: string;
  readonly setup?: Setup;
  readonly errorType: string;
  readonly message: RegExp;
  /** What the end of the log must hold. */
  readonly log?: RegExp;
}

const EXIT_LOG =
  /\nRequestId: \S+ Error: Runtime exited .*\nRuntime\.ExitError\nEND RequestId: \S+\nREPORT .*\tStatus: error\tError Type: Runtime\.ExitError\n$/;
const TIMEOUT_LOG =
  /\n\d{4}-\S+Z \S+ Task timed out after 1\.00 seconds\nEND RequestId: \S+\nREPORT .*\tDuration: 1000\.00 ms\tBilled .*\tStatus: timeout\n$/;

const OUTCOMES: readonly Outcome[] = [
  {
    title: 'a handler that raises',
    source: handlerOf("raise ValueError('boom')"),
    errorType: 'ValueError',
    message: /^boom$/,
    log: /\[ERROR\] ValueError: boom\nTraceback \(most recent call last\):\n[^]*END RequestId: \S+\nREPORT (?!.*Status).*\n$/,
  },
  {
    title: 'a handler whose module is missing',
    source: '',
    setup: { handler: 'app.elsewhere.handler' },
    errorType: 'Runtime.ImportModuleError',
    message:
      /^Unable to import module 'app\.elsewhere': No module named 'app\.elsewhere'$/,
  },
  {
    title: 'a dependency that is not packed',
    source: 'import uvicorn',
    errorType: 'Runtime.ImportModuleError',
    message: /No module named 'uvicorn'$/,
  },
  {
    title: 'a handler that its module does not have',
    source: '',
    errorType: 'Runtime.HandlerNotFound',
    message: /^Handler 'handler' missing on module 'app\.main'$/,
  },
  {
    title: 'a handler without a dot',
    source: '',
    setup: { handler: 'handler' },
    errorType: 'Runtime.MalformedHandlerName',
    message: /^Bad handler 'handler': not enough values to unpack/,
  },
  {
    title: 'a syntax error',
    source: 'def handler(',
    errorType: 'Runtime.UserCodeSyntaxError',
    message: /^Syntax error in module 'app\.main': /,
  },
  {
    title: 'a module that raises',
    source: "raise KeyError('TABLE_NAME')",
    errorType: 'KeyError',
    message: /^'TABLE_NAME'$/,
  },
  {
    title: 'sys.exit(3) in the handler',
    source: handlerOf('import sys', 'sys.exit(3)'),
    errorType: 'Runtime.ExitError',
    message: /^RequestId: \S+ Error: Runtime exited with error: exit status 3$/,
    log: EXIT_LOG,
  },
  {
    title: 'sys.exit(0) in the handler',
    source: handlerOf('import sys', 'sys.exit(0)'),
    errorType: 'Runtime.ExitError',
    message:
      /^RequestId: \S+ Error: Runtime exited without providing a reason$/,
    log: EXIT_LOG,
  },
  {
    title: 'os._exit(7) in the handler',
    source: handlerOf('import os', 'os._exit(7)'),
    errorType: 'Runtime.ExitError',
    message: /exit status 7$/,
  },
  {
    title: 'an exit while initialising',
    source: 'import sys\nsys.exit(4)',
    errorType: 'Runtime.ExitError',
    message: /^RequestId: \S+ Error: Runtime exited with error: exit status 4$/,
    log: EXIT_LOG,
  },
  {
    title: 'a segmentation fault',
    source: handlerOf('import ctypes', 'ctypes.string_at(0)'),
    errorType: 'Runtime.ExitError',
    message: /Runtime exited with error: signal: segmentation fault$/,
  },
  {
    title: 'an abort',
    source: handlerOf('import os', 'os.abort()'),
    errorType: 'Runtime.ExitError',
    message: /signal: aborted$/,
  },
  {
    title: 'a process that is killed, as for its memory',
    source: handlerOf(
      'import os, signal',
      'os.kill(os.getpid(), signal.SIGKILL)',
    ),
    errorType: 'Runtime.ExitError',
    message: /signal: killed$/,
  },
  {
    title: 'a handler that needs more memory than it has, for a moment',
    source: handlerOf("block = b'x' * (300 * 1024 * 1024)", 'del block'),
    setup: { memoryMb: 256 },
    errorType: 'Runtime.ExitError',
    message: /signal: killed$/,
    log: /\tMemory Size: 256 MB\tMax Memory Used: 256 MB\t.*Error Type: Runtime\.ExitError\n$/,
  },
  {
    title: 'a child that needs more memory than there is',
    source: handlerOf(
      'import subprocess, sys',
      'subprocess.run([sys.executable, "-c", "import time; block = b\'x\' * (200 * 1024 * 1024); time.sleep(60)"])',
    ),
    setup: { memoryMb: 128 },
    errorType: 'Runtime.ExitError',
    message: /signal: killed$/,
    log: /Max Memory Used: 128 MB/,
  },
  {
    title: 'a handler that sleeps too long',
    source: handlerOf('import time', 'time.sleep(60)'),
    setup: { timeoutSeconds: 1 },
    errorType: 'Sandbox.Timedout',
    message: /^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/,
    log: TIMEOUT_LOG,
  },
  {
    title: 'an endless loop that ignores SIGTERM',
    source: handlerOf(
      'import signal',
      'signal.signal(signal.SIGTERM, signal.SIG_IGN)',
      'while True: pass',
    ),
    setup: { timeoutSeconds: 1 },
    errorType: 'Sandbox.Timedout',
    message: /Task timed out after 1\.00 seconds$/,
    log: TIMEOUT_LOG,
  },
  {
    title: 'an initialisation that never ends',
    source: 'import time\ntime.sleep(60)',
    setup: { timeoutSeconds: 1, initLimitMs: 800 },
    errorType: 'Sandbox.Timedout',
    message: /Task timed out after 1\.00 seconds$/,
    log: /^INIT_REPORT Init Duration: 800\.00 ms\tPhase: init\tStatus: timeout\n[^]*Status: timeout\n$/,
  },
  {
    title: 'a result that JSON cannot carry',
    source: handlerOf('return {1, 2}'),
    errorType: 'Runtime.MarshalError',
    message:
      /^Unable to marshal response: Object of type set is not JSON serializable$/,
  },
  {
    title: 'a response that is too large',
    source: handlerOf("return 'x' * (6 * 1024 * 1024 + 100)"),
    errorType: 'Function.ResponseSizeTooLarge',
    message:
      /^Response payload size exceeded maximum allowed payload size \(6291556 bytes\)\.$/,
  },
];

describe('a function that fails', () => {
  it.each(OUTCOMES)(
    '$title: $errorType',
    async ({ source, setup, errorType, message, log }) => {
      const invocation = await invoke(source, setup);
      expect(invocation.error).toMatchObject({
        errorType,
        errorMessage: expect.stringMatching(message) as string,
      });
      expect(responseOf(invocation)).toMatchObject({ errorType });
      if (log !== undefined) expect(invocation.logs).toMatch(log);
    },
  );

  it('tells where an exception was raised', async () => {
    const invocation = await invoke(handlerOf("raise ValueError('boom')"));
    expect(invocation.error?.requestId).toBe(invocation.requestId);
    expect(invocation.error?.stackTrace).toEqual([
      expect.stringMatching(
        /app\/main\.py", line 2, in handler\n\s+raise ValueError\('boom'\)/,
      ),
    ]);
  });

  it('tries a slow initialisation again, in the time of the invocation', async () => {
    const { error, initDurationMs, durationMs, logs } = await invoke(
      `import time\ntime.sleep(1)\n${handlerOf('return 1')}`,
      { initLimitMs: 500 },
    );
    expect(error).toBeUndefined();
    expect(initDurationMs).toBeUndefined();
    expect(durationMs).toBeGreaterThan(1000);
    expect(logs).toMatch(/^INIT_REPORT/);
  });
});

describe('a function that answers', () => {
  it('gets its event and answers it', async () => {
    const invocation = await invoke(
      handlerOf(
        "print('called')",
        'return {"got": event["numbers"], "é": None}',
      ),
      {
        event: '{"numbers": [1, 2.5]}',
      },
    );
    expect(invocation.error).toBeUndefined();
    expect(responseOf(invocation)).toEqual({ got: [1, 2.5], é: null });
    expect(invocation.initDurationMs).toBeGreaterThan(10);
    expect(invocation.durationMs).toBeGreaterThan(0);
    expect(invocation.maxMemoryUsedMb).toBeGreaterThan(5);
    expect(invocation.logs).toMatch(
      /^START RequestId: (\S+) Version: \$LATEST\ncalled\nEND RequestId: \1\nREPORT RequestId: \1\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 512 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\n$/,
    );
  });

  it('sees the context that Lambda gives', async () => {
    const invocation = await invoke(
      handlerOf(
        'return {"arn": context.invoked_function_arn, "id": context.aws_request_id, "name": context.function_name,',
        '  "memory": context.memory_limit_in_mb, "left": context.get_remaining_time_in_millis(),',
        '  "version": context.function_version, "group": context.log_group_name,',
        '  "client": context.client_context.custom["a"]}',
      ),
      { timeoutSeconds: 7, clientContext: '{"custom": {"a": "b"}}' },
    );
    expect(responseOf(invocation)).toEqual({
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:orders',
      id: invocation.requestId,
      name: 'orders',
      memory: '512',
      left: expect.any(Number) as number,
      version: '$LATEST',
      group: '/aws/lambda/orders',
      client: 'b',
    });
    const { left } = responseOf(invocation) as { left: number };
    expect(left).toBeLessThanOrEqual(7000);
    expect(left).toBeGreaterThan(6000);
  });

  it("gets nothing of the user's environment, and its own variables", async () => {
    process.env['AWS_PROFILE'] = 'production';
    process.env['SECRET_OF_THE_USER'] = 'secret';
    try {
      const invocation = await invoke(
        handlerOf(
          'import os, pathlib',
          'return {**os.environ, "home": str(pathlib.Path.home())}',
        ),
        {
          environment: { TABLE_NAME: 'orders' },
        },
      );
      const environment = responseOf(invocation) as Record<string, string>;
      expect(environment).toMatchObject({
        TABLE_NAME: 'orders',
        AWS_ACCESS_KEY_ID: 'LOCALLOCALLOCALLOCAL',
        AWS_EXECUTION_ENV: `AWS_Lambda_${runtime.identifier}`,
        TZ: ':UTC',
        _HANDLER: 'app.main.handler',
      });
      expect(environment).not.toHaveProperty('AWS_PROFILE');
      expect(environment).not.toHaveProperty('SECRET_OF_THE_USER');
      expect(environment['home']).toContain(tmpdir());
      expect(existsSync(environment['home'] ?? '')).toBe(false);
    } finally {
      delete process.env['AWS_PROFILE'];
      delete process.env['SECRET_OF_THE_USER'];
    }
  });

  it('streams its logs, from both streams and as they come', async () => {
    const pieces: [string, number][] = [];
    await invoke(
      handlerOf(
        'import sys, time, logging',
        "print('first')",
        'time.sleep(0.4)',
        "logging.getLogger().warning('second')",
        "print('third', file=sys.stderr)",
      ),
      { onLog: (text) => pieces.push([text, performance.now()]) },
    );
    const at = (word: string): number =>
      pieces.find(([text]) => text.includes(word))?.[1] ?? NaN;
    expect(at('second') - at('first')).toBeGreaterThan(300);
    expect(at('third')).toBeGreaterThan(at('first'));
  });

  it('may write more than a pipe holds, and bytes that are no text', async () => {
    const received = { characters: 0 };
    const invocation = await invoke(
      handlerOf(
        'import sys',
        "for _ in range(50): print('x' * 200_000)",
        "sys.stdout.buffer.write(b'\\xff\\xfe\\n')",
        'sys.stdout.buffer.flush()',
        'return "done"',
      ),
      { onLog: (text) => (received.characters += text.length) },
    );
    expect(responseOf(invocation)).toBe('done');
    expect(received.characters).toBeGreaterThan(10_000_000);
    expect(invocation.logs.length).toBeLessThanOrEqual(1024 * 1024);
    expect(invocation.logs).toMatch(/\nREPORT [^\n]*\n$/);
  });

  it('may close its streams', async () => {
    const invocation = await invoke(
      handlerOf('import os', 'os.close(1)', 'os.close(2)', 'return "quiet"'),
    );
    expect(responseOf(invocation)).toBe('quiet');
  });

  it('may answer bytes', async () => {
    const { payload, contentType } = await invoke(
      handlerOf("return b'\\x00\\xff'"),
    );
    expect([...payload]).toEqual([0, 255]);
    expect(contentType).toBe('application/unknown');
  });

  it('is invoked again in the same environment, with logs and report of its own', async () => {
    const artifact = workspace.zip('dist/warm.zip', {
      'warm.py':
        'count = 0\nprint("initialised")\ndef handler(event, context):\n    global count\n    count += 1\n    print("x" * 50_000, count)\n    return count\n',
    });
    const prepared = await prepareFunction(workspace.root, artifact, {
      name: 'orders',
      handler: 'warm.handler',
      runtime,
      memoryMb: 512,
      timeoutSeconds: 20,
      environment: {},
    });
    const invocations = await invokeInOneEnvironment(
      prepared,
      { event: '{}' },
      4,
    );
    expect(invocations.map(responseOf)).toEqual([1, 2, 3, 4]);
    expect(
      invocations.map(({ initDurationMs }) => initDurationMs !== undefined),
    ).toEqual([true, false, false, false]);
    for (const [index, { logs, requestId }] of invocations.entries()) {
      expect(logs).toMatch(
        new RegExp(
          `^${index === 0 ? 'initialised\\n' : ''}START RequestId: ${requestId} [^\n]*\nx{50000} ${index + 1}\nEND [^\n]*\nREPORT [^\n]*\n$`,
        ),
      );
    }
    expect(new Set(invocations.map(({ requestId }) => requestId)).size).toBe(4);
  });

  it('needs the memory that it says', async () => {
    const { maxMemoryUsedMb } = await invoke(
      handlerOf("block = b'x' * (200 * 1024 * 1024)", 'del block'),
    );
    expect(maxMemoryUsedMb).toBeGreaterThan(200);
    expect(maxMemoryUsedMb).toBeLessThan(300);
  });

  it('finds no packages but its own and those of the runtime client', async () => {
    const invocation = await invoke(
      handlerOf(
        'import importlib.metadata',
        'return sorted({d.metadata["Name"] for d in importlib.metadata.distributions()})',
      ),
    );
    expect(responseOf(invocation)).toEqual([
      'awslambdaric',
      'simplejson',
      'snapshot-restore-py',
    ]);
  });
});

const PIDS = /^(\d+) (\d+) (\d+)\n/m;

describe('what a function leaves behind', () => {
  const CHILDREN = [
    'import subprocess, sys',
    "child = [sys.executable, '-c', 'import time; time.sleep(300)']",
    'near = subprocess.Popen(child)',
    'far = subprocess.Popen(child, start_new_session=True)',
  ];

  it('kills child processes, also those that left the group', async () => {
    const started = performance.now();
    const invocation = await invoke(
      handlerOf(...CHILDREN, 'return [near.pid, far.pid]'),
    );
    expect(performance.now() - started).toBeLessThan(10_000);
    await expectGone(responseOf(invocation) as number[]);
  });

  it('kills them after a timeout', async () => {
    const invocation = await invoke(
      handlerOf(
        ...CHILDREN,
        'print(near.pid, far.pid)',
        'import time',
        'time.sleep(60)',
      ),
      { timeoutSeconds: 1 },
    );
    const [, near, far] = /^(\d+) (\d+)$/m.exec(invocation.logs) ?? [];
    await expectGone([Number(near), Number(far)]);
  });

  it('kills all when it is interrupted', async () => {
    const controller = new AbortController();
    const interruption = new Error('interrupted');
    let output = '';
    const invocation = invoke(
      handlerOf(
        ...CHILDREN,
        'import os, time',
        'print(near.pid, far.pid, os.getpid())',
        'time.sleep(60)',
      ),
      {
        signal: controller.signal,
        // Every argument of print() may come on its own.
        onLog: (text) => {
          output += text;
          if (PIDS.test(output)) controller.abort(interruption);
        },
      },
    );
    await expect(invocation).rejects.toBe(interruption);
    const [, ...pids] = PIDS.exec(output) ?? [];
    expect(pids).toHaveLength(3);
    await expectGone(pids.map(Number));
  });

  it('leaves the unpacked artifact as it was', async () => {
    const source = handlerOf('return __file__');
    const path = responseOf(await invoke(source)) as string;
    expect(readdirSync(path.replace(/\/[^/]+$/, '')).sort()).toEqual([
      '__init__.py',
      'main.py',
    ]);
    expect(readFileSync(path, 'utf8')).toBe(source);
  });
});

async function expectGone(pids: readonly number[]): Promise<void> {
  const isAlive = (pid: number): boolean => {
    try {
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  // A killed process is there for a moment until the kernel has cleared it.
  for (let tries = 0; tries < 20 && pids.some(isAlive); tries += 1)
    await delay(25);
  expect(pids.filter(isAlive)).toEqual([]);
}
