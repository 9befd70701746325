import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { sampleService } from '../artifact/testing/samples';
import { parseReportedError } from './function-error';
import { explainError, warnOfForeignCode } from './hints';
import { LogCollector } from './log-stream';
import { readMemory, readProcessStatus, watchMemory } from './memory';
import { chooseClientModule, provideRuntimeClient } from './runtime-client';
import { makeTestWorkspace } from './testing/test-workspace';

const SERVICE = sampleService();

describe('LogCollector', () => {
  it('shows carriage returns as new lines, also those on an edge', async () => {
    const logs = new LogCollector();
    const stream = new PassThrough();
    logs.follow(stream, 'stdout');
    for (const chunk of ['[ERROR] a\r  b\r', '\nc\r\n', 'd']) {
      stream.write(chunk);
      await new Promise(setImmediate);
    }
    logs.writeLine('END');
    expect(logs.text).toBe('[ERROR] a\n  b\nc\nd\nEND\n');
  });

  it('keeps the latest only, and passes all on', () => {
    let characters = 0;
    const logs = new LogCollector((text) => (characters += text.length));
    for (let index = 0; index < 30; index += 1)
      logs.write(String(index % 10).repeat(100_000), 'stdout');
    expect(characters).toBe(3_000_000);
    expect(logs.text).toHaveLength(1024 * 1024);
    expect(logs.text.endsWith('9')).toBe(true);
  });
});

describe('the memory of a process', () => {
  it('is read from the kernel, and from ps', async () => {
    const kernel = (await readMemory(process.pid)) ?? 0;
    const ps = (await readProcessStatus(process.pid)) ?? 0;
    expect(ps).toBeGreaterThan(20 * 1024);
    expect(kernel).toBeGreaterThanOrEqual(ps * 0.9);
    expect(await readMemory(2 ** 22 + 1)).toBeUndefined();
    expect(await readProcessStatus(2 ** 22 + 1)).toBeUndefined();
  });

  it('is the largest of all looks, in MB rounded up', async () => {
    const looks = [2048, 5121, undefined];
    const watch = watchMemory(1, {
      read: () => Promise.resolve(looks.shift()),
    });
    await new Promise((resolve) => setTimeout(resolve, 130));
    expect(await watch.stop()).toBe(6);
  });

  it('is unknown where nobody can tell', async () => {
    const watch = watchMemory(1, {
      read: () => Promise.reject(new Error('spawn ps ENOENT')),
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await watch.look()).toBe(0);
    expect(await watch.stop()).toBe(0);
  });

  it('has a limit, which is told of once', async () => {
    let exceeded = 0;
    const looks = [128 * 1024, 128 * 1024 + 1, 999 * 1024];
    const watch = watchMemory(1, {
      read: () => Promise.resolve(looks.shift()),
      limitMb: 128,
      onExceeded: () => (exceeded += 1),
    });
    expect([await watch.look(), exceeded]).toEqual([128, 0]);
    expect([await watch.look(), exceeded]).toEqual([128, 1]);
    expect([await watch.stop(), exceeded]).toEqual([128, 1]);
  });

  it('counts what a process has started', async () => {
    const child =
      'globalThis.kept = Buffer.alloc(200e6, 1); console.log("filled"); setInterval(() => 0, 1e6)';
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' })`,
      ],
      { stdio: ['ignore', 'pipe', 'ignore'], detached: true },
    );
    try {
      await new Promise((resolve) => parent.stdout.once('data', resolve));
      expect(await readMemory(parent.pid ?? 0)).toBeGreaterThan(200e3 * 0.97);
    } finally {
      process.kill(-(parent.pid ?? NaN), 'SIGKILL');
    }
  });
});

describe('parseReportedError', () => {
  it('shows an error that is not in Lambda’s format as it came', () => {
    const body = Buffer.from('no JSON');
    expect(parseReportedError({ kind: 'error', body, errorType: 'E' })).toEqual(
      { errorType: 'E', errorMessage: 'no JSON' },
    );
    expect(parseReportedError({ kind: 'error', body }).errorType).toBe(
      'Runtime.Unknown',
    );
    expect(
      parseReportedError({ kind: 'error', body: Buffer.from('[]') })
        .errorMessage,
    ).toBe('[]');
  });
});

describe('hints', () => {
  const native = {
    architecture: 'arm64',
    entries: ['pydantic_core/_pydantic_core.so'],
  } as const;
  const x64 = { platform: 'linux', arch: 'x64' } as const;
  const arm64 = { platform: 'linux', arch: 'arm64' } as const;
  const mac = { platform: 'darwin', arch: 'arm64' } as const;
  const importError = (errorMessage: string) => ({
    errorType: 'Runtime.ImportModuleError',
    errorMessage,
  });

  it('warn of native code for another architecture only', () => {
    expect(warnOfForeignCode(native, x64)).toMatch(
      /packed for arm64, and this machine is x64: its 1 native/,
    );
    expect(warnOfForeignCode(native, arm64)).toBeUndefined();
    expect(
      warnOfForeignCode({ ...native, architecture: 'x86_64' }, x64),
    ).toBeUndefined();
    expect(warnOfForeignCode({ ...native, entries: [] }, x64)).toBeUndefined();
  });

  it('know that only Linux loads what Lambda does', () => {
    expect(warnOfForeignCode(native, mac)).toMatch(
      /^The artifact is packed for Linux on arm64, and this machine is macOS: its 1 native/,
    );
    expect(
      warnOfForeignCode(native, { platform: 'win32', arch: 'arm64' }),
    ).toMatch('this machine is Windows');
    expect(warnOfForeignCode({ ...native, entries: [] }, mac)).toBeUndefined();
  });

  it('explain an import that failed', () => {
    const missing = importError(
      "Unable to import module 'a': No module named 'pydantic_core._pydantic_core'",
    );
    expect(explainError(missing, native, x64, SERVICE)).toMatch(
      'packed for arm64 and this machine is x64',
    );
    expect(explainError(missing, native, arm64, SERVICE)).toBeUndefined();
    expect(explainError(missing, native, mac, SERVICE)).toBe(
      'The artifact is packed for Linux on arm64 and this machine is macOS, so none of its native modules can be loaded here. ' +
        'To try it locally, clone the workspace in a Linux container of arm64, and run it there.',
    );
    expect(
      explainError(
        { ...missing, errorType: 'ValueError' },
        native,
        x64,
        SERVICE,
      ),
    ).toBeUndefined();
    expect(
      explainError(
        importError("No module named 'boto3'"),
        native,
        arm64,
        SERVICE,
      ),
    ).toMatch('Declare it as a dependency');
    for (const [module, distribution] of [
      ['boto3.session', 'boto3'],
      ['dateutil', 'python-dateutil'],
    ] as const) {
      const artifact = { ...SERVICE.artifact, provided: [distribution] };
      expect(
        explainError(
          importError(`No module named '${module}'`),
          native,
          arm64,
          { ...SERVICE, artifact },
        ),
      ).toMatch(
        new RegExp(
          `^services/orders/pyproject\\.toml: .* provided leaves "${distribution}" to .* take it out of provided`,
        ),
      );
    }
    expect(
      explainError(
        importError("/lib/libc.so.6: version `GLIBC_2.34' not found"),
        native,
        arm64,
        SERVICE,
      ),
    ).toMatch('C library');
  });

  it.each([
    "Unknown service: 'sqs'. Valid service names are: s3, sts",
    "The 'sqs' resource does not exist.\nThe available resources are:\n   - s3",
  ])('explain a service that botocore does not know: %s', (errorMessage) => {
    const error = { ...importError(errorMessage), errorType: 'Unknown' };
    const artifact = { ...SERVICE.artifact, botocoreServices: ['s3'] };
    expect(
      explainError(error, native, arm64, { ...SERVICE, artifact }),
    ).toMatch(
      /^services\/orders\/pyproject\.toml: .* botocore-services = \["s3", "sqs"\], and pack again/,
    );
    expect(
      explainError(error, native, arm64, {
        ...SERVICE,
        layers: ['aws-layer'],
      }),
    ).toMatch(/does not know "sqs": .*"botocore-services" of aws-layer/);
  });
});

describe('provideRuntimeClient', () => {
  it('takes the native module on Linux alone', () => {
    expect(chooseClientModule('linux', undefined)).toBe('native');
    expect(chooseClientModule('linux', 'python')).toBe('python');
    expect(chooseClientModule('darwin', undefined)).toBe('python');
    expect(() => chooseClientModule('win32', undefined)).toThrow(/WSL/);
    expect(() => chooseClientModule('linux', 'rust')).toThrow(
      /LAMBDA_PY_RUNTIME_CLIENT: [^]*found: +rust/,
    );
  });

  it('names the command for a Python that is missing', async () => {
    const workspace = makeTestWorkspace();
    try {
      await expect(
        provideRuntimeClient(workspace.root, '3.99'),
      ).rejects.toThrow(
        /no Python 3\.99 was found[^]*mend: +uv python install 3\.99$/,
      );
    } finally {
      workspace.remove();
    }
  });
});
