import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { logger } from '../logger';
import type { ExecutorContext } from '@nx/devkit';
import { makeTestWorkspace } from '../../runtime/testing/test-workspace';
import type { Statistics } from '../../runtime/statistics';
import { findPython } from '../../workspace/python';
import { runtimeOfPython } from '../../workspace/runtimes';
import invokeExecutor, { formatPayload } from './executor';
import type { InvokeExecutorSchema } from './schema';

const workspace = makeTestWorkspace();
let runtimeIdentifier: string | undefined;
let printed: { stdout: string; stderr: string; nx: string };

beforeAll(async () => {
  const { version } = await findPython(workspace.root);
  runtimeIdentifier = runtimeOfPython(version)?.identifier;
  workspace.write('services/orders/events/good.json', '{"name": "Ada"}');
  workspace.write('services/orders/local.env', 'GREETING=Hello\n');
  workspace.write(
    'services/orders/pyproject.toml',
    '[project]\nname = "orders"\n[tool.lambda-py]\nhandler = "main.handler"\nruntime = "python3.13"\n',
  );
  pack('orders', {
    'main.py': [
      'import os',
      'def handler(event, context):',
      "    print('greeting')",
      "    if event['name'] == 'exit': os._exit(3)",
      "    if event['name'] == 'endless':",
      "        print(f'waiting {os.getpid()}')",
      '        while True: pass',
      '    return {"text": os.environ["GREETING"] + " " + event["name"]}',
    ].join('\n'),
  });
  pack(
    'foreign',
    { 'main.py': 'import native', 'native.cpython-39-other.so': '' },
    foreignArchitecture(),
  );

  function pack(
    name: string,
    files: Record<string, string>,
    architecture = hostArchitecture(),
  ): void {
    workspace.zip(`dist/services/orders/${name}.zip`, files);
    workspace.write(
      `dist/services/orders/${name}.manifest.json`,
      JSON.stringify({
        handler: 'main.handler',
        runtime: runtimeIdentifier,
        architecture,
        zipBytes: 1,
      }),
    );
  }
});
afterAll(() => {
  workspace.remove();
});

beforeEach(() => {
  printed = { stdout: '', stderr: '', nx: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    jest.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    });
  }
  const log =
    (level: string) =>
    (text: unknown): void => {
      printed.nx += `${level}: ${String(text)}\n`;
    };
  jest.spyOn(logger, 'warn').mockImplementation(log('warn'));
  jest.spyOn(logger, 'error').mockImplementation(log('error'));
});
afterEach(() => jest.restoreAllMocks());

function hostArchitecture(): string {
  return process.arch === 'arm64' ? 'arm64' : 'x86_64';
}

function foreignArchitecture(): string {
  return process.arch === 'arm64' ? 'x86_64' : 'arm64';
}

function run(options: InvokeExecutorSchema): Promise<{ success: boolean }> {
  const context = {
    root: workspace.root,
    cwd: workspace.root,
    projectName: 'orders',
    projectsConfigurations: {
      version: 2,
      projects: { orders: { root: 'services/orders' } },
    },
    nxJsonConfiguration: {},
    projectGraph: { nodes: {}, dependencies: {} },
    isVerbose: false,
  } satisfies ExecutorContext;
  return invokeExecutor(options, context);
}

describe('the executor invoke', () => {
  it('runs the packed zip: the response on stdout, logs and report on stderr', async () => {
    expect(await run({ event: 'good' })).toEqual({ success: true });
    expect(printed.stdout).toBe('{"text": "Hello Ada"}\n');
    expect(printed.stderr).toMatch(
      /^START RequestId: .*\ngreeting\nEND RequestId: .*\nREPORT .*\tMemory Size: 512 MB\t.*\n$/,
    );
    expect(printed.nx).toBe('');
  });

  it('takes a payload that Nx, or a configuration file, has parsed', async () => {
    expect(await run({ payload: { name: 'Bob' } })).toEqual({ success: true });
    expect(printed.stdout).toBe('{"text": "Hello Bob"}\n');
    expect(await run({ payload: 1 })).toEqual({ success: false });
    expect(printed.nx).toBe('error: The function failed: TypeError\n');
  });

  it('is configured by the template, and tells what that leaves open', async () => {
    const template = workspace.write(
      'services/orders/infra/template.yaml',
      [
        'Resources:',
        '  Function:',
        '    Type: AWS::Serverless::Function',
        '    Properties:',
        '      MemorySize: 256',
        '      Environment:',
        '        Variables: {GREETING: Hi, TABLE: !Ref Table}',
      ].join('\n'),
    );
    try {
      expect(await run({ event: 'good' })).toEqual({ success: true });
      expect(printed.stdout).toBe('{"text": "Hello Ada"}\n');
      expect(printed.stderr).toMatch('Memory Size: 256 MB');
      expect(printed.nx).toMatch(
        /^warn: services\/orders\/infra\/template\.yaml [^\n]*TABLE \(!Ref Table\)[^\n]*local\.env\.\n$/,
      );
    } finally {
      rmSync(template);
    }
  });

  it('says all in one line of JSON', async () => {
    expect(await run({ event: 'good', json: true })).toEqual({ success: true });
    expect(printed.stderr).toBe('');
    expect(printed.stdout).toMatch(/^\{[^\n]*\}\n$/);
    expect(JSON.parse(printed.stdout)).toEqual({
      requestId: expect.stringMatching(/^[\da-f-]{36}$/) as unknown,
      response: { text: 'Hello Ada' },
      error: null,
      logs: expect.stringMatching(/^START [^]*\ngreeting\nEND /) as unknown,
      report: {
        initDurationMs: expect.any(Number) as unknown,
        durationMs: expect.any(Number) as unknown,
        billedDurationMs: expect.any(Number) as unknown,
        memoryMb: 512,
        maxMemoryUsedMb: expect.any(Number) as unknown,
      },
    });
  });

  it('repeats: warm and cold invocations are summed up apart', async () => {
    expect(
      await run({ event: 'good', repeat: 3, coldStarts: 2, json: true }),
    ).toEqual({ success: true });
    const { statistics } = JSON.parse(printed.stdout) as {
      statistics: Statistics;
    };
    expect(statistics).toMatchObject({
      invocations: 6,
      environments: 2,
      failures: {},
      durationMs: { count: 6 },
      initDurationMs: { count: 2 },
      firstDurationMs: { count: 2 },
      warmDurationMs: { count: 4 },
    });
    printed.stdout = '';
    expect(await run({ event: 'good', repeat: 2 })).toEqual({ success: true });
    expect(printed.stdout).toBe('{"text": "Hello Ada"}\n');
    expect(printed.stderr.match(/greeting/g)).toHaveLength(1);
    expect(printed.stderr).toMatch(
      /\n2 invocations in 1 execution environments, 0 failed\n[^]*\nwarm invocations +1 /,
    );
  });

  it('goes on in a fresh environment after one that an invocation has ended', async () => {
    expect(
      await run({ payload: '{"name": "exit"}', repeat: 2, json: true }),
    ).toEqual({ success: false });
    expect(JSON.parse(printed.stdout)).toMatchObject({
      response: null,
      error: { errorType: 'Runtime.ExitError' },
      statistics: {
        invocations: 2,
        environments: 2,
        failures: { 'Runtime.ExitError': 2 },
      },
    });
  });

  it('fails when the function does', async () => {
    expect(await run({ payload: '{}', memory: 1024 })).toEqual({
      success: false,
    });
    expect(JSON.parse(printed.stdout)).toMatchObject({
      errorType: 'KeyError',
      errorMessage: "'name'",
    });
    expect(printed.stderr).toMatch('Memory Size: 1024 MB');
    expect(printed.nx).toBe('error: The function failed: KeyError\n');
  });

  it('warns of native code for another architecture, and explains its failure', async () => {
    expect(
      await run({
        payload: '{}',
        artifact: 'dist/services/orders/foreign.zip',
      }),
    ).toEqual({ success: false });
    expect(printed.nx).toMatch(
      /^warn: .* 1 native libraries \(native\.cpython-39-other\.so\)/,
    );
    expect(printed.nx).toMatch(
      /error: The function failed: Runtime\.ImportModuleError\nThe artifact is packed for/,
    );
  });

  it('ends with what it started when it is interrupted', async () => {
    const { exitCode } = process;
    const running = run({ payload: '{"name": "endless"}' });
    while (!printed.stderr.includes('waiting')) await delay(20);
    process.emit('SIGINT', 'SIGINT');
    expect(await running).toEqual({ success: false });
    expect(process.exitCode).toBe(130);
    process.exitCode = exitCode;
    const [, pid] = /^waiting (\d+)$/m.exec(printed.stderr) ?? [];
    expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });

  it.each<[string, InvokeExecutorSchema, RegExp]>([
    ['no event', {}, /no event.*\n.*--event or --payload/],
    ['a missing event', { event: 'bad' }, /does not exist[^]*events good/],
    [
      'a payload that is no JSON',
      { payload: '{' },
      /--payload, line 1, column 2: the event is not JSON/,
    ],
    [
      'a timeout of 0',
      { payload: '1', timeout: 0 },
      /--timeout: [^]*from 1 to 900/,
    ],
    ['no repetitions', { payload: '1', repeat: 0 }, /--repeat: [^]*1 or more/],
    [
      'a batch of what has no records',
      { event: 'good,good' },
      /events\/good\.json: the event has no records/,
    ],
    [
      'too much memory',
      { payload: '1', memory: 10241 },
      /--memory: [^]*from 128 to 10240/,
    ],
    [
      'a missing file of variables',
      { payload: '1', envFile: 'no.env' },
      /^error: no\.env: /,
    ],
    [
      'a missing artifact',
      { payload: '1', artifact: 'no.zip' },
      /no\.zip: the artifact does not exist\n.*nx run orders:pack/,
    ],
    [
      'a missing manifest',
      { payload: '1', artifact: 'bare.zip' },
      /bare\.manifest\.json: .*manifest cannot be read[^]*nx run orders:pack/,
    ],
    [
      'a wrong manifest',
      { payload: '1', artifact: 'wrong.zip' },
      /wrong\.manifest\.json: runtime: /,
    ],
    [
      'a zip that is not its manifest’s',
      { payload: '1', artifact: 'swapped.zip' },
      /swapped\.zip: the artifact is not the one that its manifest describes/,
    ],
  ])('reports %s without a stack', async (_, options, message) => {
    workspace.zip('bare.zip', {});
    workspace.zip('wrong.zip', {});
    workspace.zip('swapped.zip', {});
    workspace.write(
      'swapped.manifest.json',
      JSON.stringify({
        handler: 'a.b',
        runtime: runtimeIdentifier,
        architecture: 'arm64',
        sha256: '0',
      }),
    );
    workspace.write(
      'wrong.manifest.json',
      '{"handler": "a.b", "runtime": "python2.7", "architecture": "arm64"}',
    );
    expect(await run(options)).toEqual({ success: false });
    expect(printed.nx).toMatch(message);
    expect(printed.nx).not.toMatch(/^\s+at /m);
    expect(printed.stdout).toBe('');
  });
});

describe('formatPayload', () => {
  it('is pretty for people, where that changes no number', () => {
    expect(formatPayload(Buffer.from('{"a":[1]}'), true)).toBe(
      '{\n  "a": [\n    1\n  ]\n}',
    );
    expect(formatPayload(Buffer.from('{"a":[1]}'), false)).toBe('{"a":[1]}');
    expect(formatPayload(Buffer.from('{"a":12345678901234567}'), true)).toBe(
      '{"a":12345678901234567}',
    );
    expect(formatPayload(Buffer.from('NaN'), true)).toBe('NaN');
  });
});
