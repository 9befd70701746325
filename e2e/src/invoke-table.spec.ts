import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import {
  CASES,
  DEFAULT_EVENT,
  handlerOf,
  moduleOf,
} from './support/invoke-table/cases';
import {
  differencesOf,
  documentedDifferences,
} from './support/invoke-table/compare';
import type { RawResult } from './support/invoke-table/compare';
import { Workspace } from './support/workspace';

const TOOLS = join(__dirname, 'support/invoke-table');
const DOCUMENTATION = join(__dirname, '../../docs/invoke.md');

interface Runner {
  readonly results: Readonly<Record<string, RawResult>>;
}

interface Engine extends Runner {
  readonly runtimeClient: { readonly python: string; readonly folder: string };
  readonly taskRoot: string;
  /** The Runtime Interface Emulator. */
  readonly emulator: string;
}

// It runs on Linux alone: so do awslambdaric's native module and the Runtime Interface Emulator.
describe('invoke', () => {
  let workspace: Workspace;
  let runtime: string;

  beforeAll(() => {
    workspace = Workspace.create('my acme', { isIsolated: false });
    workspace.nx(['generate', 'lambda-py:init', '--skipLock']);
    workspace.nx([
      ...['generate', 'lambda-py:service', 'jobs', '--source=sqs'],
      '--skipLock',
    ]);
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.commit('services');
    runtime =
      /runtime = "(.*)"/.exec(
        workspace.read('services/jobs/pyproject.toml'),
      )?.[1] ?? '';
  });

  afterAll(() => {
    workspace.remove();
  });

  function runTool(script: string, args: readonly string[]): string {
    const { exitCode, stdout, output } = workspace.run(process.execPath, [
      join(TOOLS, script),
      ...args,
    ]);
    if (exitCode !== 0) throw new Error(output);
    return stdout;
  }

  describe('on a table of handlers', () => {
    const differences: string[] = [];
    let native: Engine;

    beforeAll(() => {
      const plugin = join(workspace.root, 'node_modules/lambda-py');
      const file = (name: string): string => join(workspace.root, 'dist', name);
      workspace.write('dist/.gitignore', '*\n');
      writeFileSync(
        file('table.zip'),
        zipSync(
          Object.fromEntries(
            CASES.filter(({ source }) => source.trim() !== '').map((one) => [
              `${moduleOf(one)}.py`,
              strToU8(one.source),
            ]),
          ),
        ),
      );
      writeFileSync(
        file('table.json'),
        JSON.stringify({
          artifact: file('table.zip'),
          runtime,
          cases: CASES.map((one) => ({
            name: one.name,
            handler: handlerOf(one),
            event: one.event ?? DEFAULT_EVENT,
            timeout: one.timeout ?? 20,
            memory: one.memory ?? 512,
          })),
        }),
      );
      const engine = (module: string): Engine =>
        JSON.parse(
          runTool('engine.mjs', [
            ...[plugin, workspace.root, file('table.json'), module],
          ]),
        ) as Engine;
      native = engine('native');
      const standIn = engine('python');
      writeFileSync(file('engine.json'), JSON.stringify(native));
      const peers = {
        'stand-in': standIn,
        RIE: JSON.parse(
          runTool('rie.mjs', [
            ...[native.emulator, file('table.json'), file('engine.json')],
          ]),
        ) as Runner,
        ministack: JSON.parse(
          runTool('ministack.mjs', [
            plugin,
            workspace.root,
            file('table.json'),
          ]),
        ) as Runner,
      };
      const places = {
        [native.taskRoot]: '/var/task',
        [native.runtimeClient.folder]: '/var/runtime',
        [standIn.runtimeClient.folder]: '/var/runtime',
      };
      for (const [peer, { results }] of Object.entries(peers)) {
        for (const { name } of CASES) {
          const [ours, other] = [native.results[name], results[name]];
          if (ours === undefined || other === undefined) {
            throw new Error(`${peer} has not run ${name}`);
          }
          for (const aspect of differencesOf(ours, other, places)) {
            differences.push(`${name}: ${peer}: ${aspect}`);
          }
        }
      }
    });

    it('differs from the emulators where the documentation says so, and nowhere else', () => {
      const page = readFileSync(DOCUMENTATION, 'utf8');
      expect(differences.sort()).toEqual(documentedDifferences(page));
    });

    it('has responses, errors and logs of at least 20 handlers to compare', () => {
      const payloads = Object.values(native.results).map(
        ({ payload }) => payload,
      );
      const failed = payloads.filter((payload) =>
        payload.includes('"errorType"'),
      );
      expect(failed.length).toBeGreaterThanOrEqual(20);
      expect(payloads.length - failed.length).toBeGreaterThanOrEqual(20);
    });
  });

  describe('on the command line', () => {
    function invoke(
      args: readonly string[],
      stdin?: string,
    ): { exitCode: number; stdout: string; stderr: string } {
      const nx = join(workspace.root, 'node_modules/.bin/nx');
      const script =
        stdin === undefined
          ? [nx, 'run', 'jobs:invoke', ...args]
          : [
              process.execPath,
              '-e',
              `const { spawnSync } = require('node:child_process');
               const { status, stdout, stderr } = spawnSync(process.argv[1], process.argv.slice(3), { input: process.argv[2] });
               process.stdout.write(stdout); process.stderr.write(stderr); process.exitCode = status;`,
              ...[nx, stdin, 'run', 'jobs:invoke', ...args],
            ];
      const [command = '', ...rest] = script;
      const { exitCode, stdout, output } = workspace.run(command, rest);
      return { exitCode, stdout, stderr: output.slice(stdout.length) };
    }

    function resultOf(stdout: string): {
      response: { batchItemFailures: unknown[] };
      statistics?: Record<string, unknown>;
    } {
      const line = stdout
        .split('\n')
        .find((one) => one.startsWith('{"requestId"'));
      return JSON.parse(line ?? 'null') as never;
    }

    it('assembles a batch of events, and answers in JSON', () => {
      const { stdout, stderr } = invoke(['--event=good,bad,bad', '--json']);
      expect(resultOf(stdout).response.batchItemFailures).toHaveLength(2);
      expect(stderr).not.toContain('REPORT');
    });

    it('reads standard input, and sums up many invocations', () => {
      const event = workspace.read('services/jobs/events/bad.json');
      const { stdout } = invoke(
        ['--event=-', '--repeat=3', '--coldStarts=2', '--json'],
        event,
      );
      const { response, statistics } = resultOf(stdout);
      expect(response.batchItemFailures).toHaveLength(1);
      expect(statistics).toMatchObject({
        invocations: 6,
        environments: 2,
        initDurationMs: { count: 2 },
        warmDurationMs: { count: 4 },
      });
    });

    it("has the template's configuration, and kills what needs more", () => {
      const template = 'services/jobs/infra/template.yaml';
      workspace.replace(template, 'MemorySize: 512', 'MemorySize: 128');
      workspace.replace(
        template,
        'POWERTOOLS_LOG_LEVEL: INFO',
        'POWERTOOLS_LOG_LEVEL: INFO\n          OTHER: !GetAtt FailedEvents.Arn',
      );
      const handler = 'services/jobs/src/jobs/handler.py';
      const source = workspace.read(handler);
      workspace.write(
        handler,
        `${source}\nBLOCK = bytearray(200 * 1024 * 1024)\n`,
      );
      const { exitCode, stderr } = invoke(['--event=good']);
      expect(exitCode).not.toBe(0);
      expect(stderr).toContain('OTHER (!GetAtt FailedEvents.Arn)');
      expect(stderr).toContain('Runtime exited with error: signal: killed');
      expect(stderr).toMatch(/Memory Size: 128 MB\tMax Memory Used: 128 MB/);
      workspace.restore();
    });
  });
});
