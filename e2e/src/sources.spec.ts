import { invokeAll } from './support/invocation';
import type { Entry, Invocation } from './support/invocation';
import { pathWithoutTerraform } from './support/without-terraform';
import { Workspace } from './support/workspace';

/** How a source tells its failures: see the README. */
type Kind = 'web' | 'raises' | 'batch';

const SOURCES: Readonly<Record<string, Kind>> = {
  api: 'web',
  http: 'web',
  sqs: 'batch',
  sns: 'raises',
  s3: 'raises',
  eventbridge: 'raises',
  schedule: 'raises',
  dynamodb: 'batch',
  kinesis: 'batch',
  direct: 'raises',
};
/** Each kind of infrastructure code that infrastructure.spec does not try with every source, for sources of each kind. */
const INFRASTRUCTURE: Readonly<Record<string, string>> = {
  http: 'cdk',
  s3: 'cdk',
  dynamodb: 'cdk',
  sqs: 'terraform',
  eventbridge: 'terraform',
  schedule: 'terraform',
};
const NAMES = Object.keys(SOURCES);
/** A source of each set of templates: what an option leaves out is in these, and not in those of a source. */
const PLAIN = ['http', 'sqs', 'sns', 'direct'];
const BATCHES = NAMES.filter((name) => SOURCES[name] === 'batch');
const ANSWER = { id: '123', message: 'Processed 123 with create' };
const REQUEST_ID = expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown;

describe('the ten sources', () => {
  let workspace: Workspace;

  /** A service with every option that changes code, and one with none. */
  const full = (source: string): string => `full-${source}`;
  const plain = (source: string): string => `plain-${source}`;
  const ALL = [...NAMES.map(full), ...PLAIN.map(plain)];

  beforeAll(() => {
    workspace = Workspace.create('ten sources', { isIsolated: false });
    workspace.nx(['generate', 'lambda-py:init', '--pipTools']);
    const generate = (name: string, ...options: readonly string[]): void => {
      workspace.nx([
        ...['generate', 'lambda-py:service', name, ...options, '--skipLock'],
      ]);
    };
    for (const source of NAMES) {
      const infra = `--infra=${INFRASTRUCTURE[source] ?? 'none'}`;
      const options = ['--tracing', '--httpClient', infra];
      generate(full(source), `--source=${source}`, ...options);
    }
    for (const source of PLAIN) {
      generate(plain(source), `--source=${source}`, '--infra=none');
    }
    // The toolkit of the CDK apps, which the generator has put into package.json.
    workspace.expect('npm', ['install', '--no-audit', '--no-fund', '--silent']);
    workspace.uv(['lock', '--quiet']);
    workspace.nx(['sync']);
    workspace.uv(['sync', '--quiet', '--locked', '--all-packages']);
    workspace.commit('services');
  });

  afterAll(() => {
    workspace.remove();
  });

  it('pass the gates untouched with every option', () => {
    const output = workspace.nx([
      ...['run-many', '--targets=lint,typecheck,test,pack'],
      `--projects=lambda-kit,${NAMES.map(full).join(',')}`,
      '--output-style=static',
    ]);

    const gates = output.matchAll(
      /coverage: ([\d.]+) % of lines .*?, ([\d.]+) % of branches/g,
    );
    const covered = [...gates].map(([, ...percents]) => percents.map(Number));
    expect(covered).toHaveLength(NAMES.length + 1);
    // The gates ask for 85; what is generated has more.
    expect(covered.flat().filter((percent) => percent < 95)).toEqual([]);
    expect(output).toContain('INTEGRATION_FUNCTION names no deployed function');
  });

  it('have infrastructure that passes, whatever its kind', () => {
    const output = workspace.nx(
      ['run-many', '--targets=validate', '--output-style=static'],
      { PATH: pathWithoutTerraform(workspace) },
    );

    for (const source of Object.keys(INFRASTRUCTURE)) {
      expect(output).toContain(`nx run ${full(source)}:validate`);
    }
    expect(workspace.changes()).toBe('');
  });

  it('are clean for every tool without options as well', () => {
    const bin = (tool: string): string => `.venv/bin/${tool}`;
    workspace.expect(bin('ruff'), ['check', '--quiet', 'services']);
    workspace.expect(bin('black'), ['--quiet', '--check', 'services']);
    workspace.expect(process.execPath, [
      ...['node_modules/pyright/index.js', '--project', '.'],
      ...PLAIN.map((source) => `services/${plain(source)}`),
    ]);
  });

  it('pass mypy, strict', () => {
    for (const name of ALL) {
      workspace.expect('.venv/bin/mypy', [`services/${name}`]);
    }
    workspace.expect('.venv/bin/mypy', ['libs/lambda-kit']);
  });

  it('pass bandit', () => {
    workspace.expect('.venv/bin/bandit', [
      ...['--quiet', '--recursive', '--configfile', 'pyproject.toml'],
      ...['services', 'libs'],
    ]);
  });

  describe('invoked', () => {
    /** By the event, and by the service. */
    const invocations: Record<string, ReadonlyMap<string, Invocation>> = {};

    beforeAll(() => {
      for (const [event, sources] of [
        ['good', NAMES],
        ['bad', NAMES],
        ['mixed', BATCHES],
      ] as const) {
        const services = sources.map(full);
        invocations[event] = invokeAll(workspace, services, event);
      }
    });

    describe.each(NAMES)('%s', (source) => {
      const kind = SOURCES[source];

      it('takes a good event', () => {
        const { failed, log, metrics, answer } = run(source, 'good');

        expect(failed).toBe(false);
        expect(answer).toEqual(
          {
            web: expect.objectContaining({
              statusCode: 200,
              body: '{"id": "123", "message": "Processed 123 with create"}',
            }) as unknown,
            raises: source === 'direct' ? ANSWER : null,
            batch: { batchItemFailures: [] },
          }[kind ?? 'web'],
        );
        expect(log.at(-1)).toMatchObject({
          level: 'INFO',
          outcome: 'ok',
          ...(kind === 'batch' ? { records: 2, failed: 0 } : {}),
        });
        expect(metrics).toMatchObject({
          Success: [1],
          ColdStart: [1],
          ...(kind === 'batch' ? { Records: [2], FailedRecords: [0] } : {}),
        });
      });

      it('refuses a bad event, and tells the reason without the value', () => {
        const { failed, output, log, metrics, answer } = run(source, 'bad');

        expect(failed).toBe(kind === 'raises');
        if (kind === 'web') {
          expect(answer).toMatchObject({
            statusCode: 400,
            body: expect.stringContaining('"field": "action"') as unknown,
          });
        } else if (kind === 'batch') {
          expect(answer).toEqual({
            batchItemFailures: [{ itemIdentifier: idsOf(source, 'bad')[0] }],
          });
        } else {
          expect(output).toContain(
            '[ERROR] InvalidEventError: invalid event: ',
          );
        }
        expect(output).not.toMatch(/destroy|aws\.ec2|ObjectRestore/);
        const refused = log.find(({ outcome }) => outcome === 'invalid');
        expect(refused).toMatchObject({
          level: 'WARNING',
          issues: expect.arrayContaining([expect.anything()]) as unknown,
        });
        expect(metrics).toMatchObject(
          kind === 'batch'
            ? { Partial: [1], Records: [1], FailedRecords: [1] }
            : { Invalid: [1] },
        );
      });
    });

    it.each(BATCHES)('%s hands back the bad record alone', (source) => {
      const { failed, log, metrics, answer } = run(source, 'mixed');

      expect(failed).toBe(false);
      expect(answer).toEqual({
        batchItemFailures: [{ itemIdentifier: idsOf(source, 'mixed')[1] }],
      });
      const refused = log.find(({ outcome }) => outcome === 'invalid');
      expect(refused).toMatchObject({
        level: 'WARNING',
        correlationId: 'correlation-2',
      });
      expect(log.at(-1)).toMatchObject({
        level: 'WARNING',
        correlationId: REQUEST_ID,
        outcome: 'partial',
        records: 3,
        failed: 1,
      });
      expect(metrics).toMatchObject({
        Partial: [1],
        Records: [3],
        FailedRecords: [1],
      });
    });

    /** What the service of a source has come to, once what holds for every invocation is checked. */
    function run(source: string, event: string): Invocation {
      const invocation = invocations[event]?.get(full(source));
      if (invocation === undefined)
        throw new Error(`${source}: not on ${event}`);
      expect(invocation.log.length).toBeGreaterThan(0);
      for (const entry of invocation.log) {
        expect(Object.keys(entry).slice(0, 6)).toEqual([
          'level',
          'requestId',
          'functionName',
          'correlationId',
          'outcome',
          'latencyMs',
        ]);
        expect(entry).toMatchObject({
          requestId: REQUEST_ID,
          functionName: full(source),
          correlationId: expect.stringMatching(/./) as unknown,
          latencyMs: expect.any(Number) as unknown,
        });
      }
      expect(invocation.metrics).toMatchObject({
        service: full(source),
        LatencyMs: [expect.any(Number)],
      });
      return invocation;
    }

    /** What the records of a batch are handed back by. */
    function idsOf(source: string, event: string): readonly unknown[] {
      const { Records: records } = JSON.parse(
        workspace.read(`services/${full(source)}/events/${event}.json`),
      ) as { Records: readonly Record<string, Entry | string>[] };
      return records.map(
        ({ messageId, kinesis, dynamodb }) =>
          messageId ??
          (kinesis as Entry | undefined)?.['sequenceNumber'] ??
          (dynamodb as Entry | undefined)?.['SequenceNumber'],
      );
    }
  });

  describe('for a team on pip-tools', () => {
    const service = 'services/full-sqs';
    const file = `${service}/requirements.in`;
    const tool = (name: string): string => `../pip-tools/bin/${name}`;
    /** `name==version` of each line that has one. */
    const pinsIn = (text: string): readonly string[] =>
      [...text.matchAll(/^([\w.-]+==[^\s;\\]+)/gm)].map(([, pin]) => pin ?? '');

    beforeAll(() => {
      workspace.uv(['venv', '--quiet', '--seed', '../pip-tools']);
      workspace.uv([
        ...['pip', 'install', '--quiet', '--python', '../pip-tools'],
        'pip-tools==7.6.2',
      ]);
    });

    afterAll(() => {
      workspace.restore();
    });

    it('compile to the pins that they are locked to', () => {
      for (const input of [file, 'requirements-dev.in']) {
        const locked = input.replace(/in$/, 'txt');
        const { exitCode, output, stdout } = workspace.run(
          tool('pip-compile'),
          [
            ...['--quiet', '--no-header', '--no-annotate', '--strip-extras'],
            ...['--allow-unsafe', '--constraint', locked],
            ...['--output-file', '-', input],
          ],
        );
        const pins = pinsIn(stdout);

        if (exitCode !== 0) throw new Error(output);
        expect(pins.length).toBeGreaterThan(10);
        const known = pinsIn(workspace.read(locked));
        expect(pins.filter((pin) => !known.includes(pin))).toEqual([]);
      }
    });

    it('are what pip-sync installs, together with the toolchain', () => {
      const { output } = workspace.run(tool('pip-sync'), [
        ...['--dry-run', `${service}/requirements.txt`, 'requirements-dev.txt'],
      ]);

      expect(output).toMatch(/Would install:[^]*boto3==[^]*ruff==/);
    });

    it('tell of an edit by hand, and how to make it instead', () => {
      workspace.write(file, `${workspace.read(file)}idna>=3\n`);
      const { exitCode, output } = workspace.tryNx(['sync:check']);

      expect(exitCode).not.toBe(0);
      expect(output).toContain(
        "uv add --package full-sqs 'idna>=3' && nx sync",
      );
      workspace.uv([
        ...['add', '--quiet', '--no-sync', '--package', 'full-sqs', 'idna>=3'],
      ]);
      workspace.nx(['sync']);
      expect(workspace.read(file)).toContain('idna>=3  # full-sqs\n');
      workspace.nx(['sync:check']);
    });
  });

  describe('with a fault', () => {
    afterAll(() => {
      workspace.restore();
    });

    it.each([
      {
        fault: 'a function without types',
        target: 'typecheck',
        found: /rate.*partially unknown|Type annotation is missing/,
        code: 'def rate(value):\n    """Rate it."""\n    return value\n',
      },
      {
        fault: 'a branch that no test takes',
        target: 'test',
        found: /0\.0 % of branches \(0 of 2, at least 85 %\)/,
        code: 'def rate(value: int) -> int:\n    """Rate it."""\n    if value > 1:\n        value = 1\n    return value\n',
      },
    ])('are stopped at $fault', ({ target, found, code }) => {
      const file = 'services/plain-http/src/plain_http/app.py';
      const clean = workspace.read(file);
      workspace.write(file, `${clean}\n\n${code}`);
      const { exitCode, output } = workspace.tryNx([
        ...['run', `plain-http:${target}`, '--output-style=static'],
      ]);
      workspace.write(file, clean);

      expect(exitCode).not.toBe(0);
      expect(output).toMatch(found);
    });

    it('are stopped at a secret in the code', () => {
      const file = 'services/plain-sqs/src/plain_sqs/app.py';
      const clean = workspace.read(file);
      workspace.write(file, `${clean}\n\nPASSWORD = "hunter2"\n`);
      const { exitCode, output } = workspace.run('.venv/bin/bandit', [
        ...['--quiet', '--recursive', '--configfile', 'pyproject.toml'],
        'services/plain-sqs',
      ]);
      workspace.write(file, clean);

      expect(exitCode).toBe(1);
      expect(output).toMatch(/B105:hardcoded_password_string/);
    });

    it('are stopped at a runtime that Lambda does not have', () => {
      const file = 'services/plain-sns/pyproject.toml';
      const clean = workspace.read(file);
      workspace.write(
        file,
        clean.replace(/^runtime = .*$/m, 'runtime = "python3.7"'),
      );
      const { exitCode, output } = workspace.tryNx(['run', 'plain-sns:lint']);
      workspace.write(file, clean);

      expect(exitCode).not.toBe(0);
      expect(output).toMatch(/runtime[^]*"python3\.7"[^]*python3\.13/);
    });
  });
});
