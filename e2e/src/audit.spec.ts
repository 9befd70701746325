import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ServerProcess } from './support/server-process';
import { Workspace } from './support/workspace';

const SERVICES = ['orders', 'contests'];

interface Sarif {
  readonly runs: readonly {
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly locations: readonly {
        readonly physicalLocation: {
          readonly artifactLocation: { readonly uri: string };
          readonly region: { readonly startLine: number };
        };
      }[];
    }[];
  }[];
}

describe('audit', () => {
  let workspace: Workspace;
  let osv: ServerProcess;

  /** Forgets the answers of the day. */
  const forget = (): void => {
    rmSync(join(workspace.root, '.nx/lambda-py/audit'), {
      recursive: true,
      force: true,
    });
  };

  const audit = (projects = 'orders', serviceUrl = osv.url) =>
    workspace.tryNx([
      ...['run-many', '-t', 'audit', `--projects=${projects}`],
      ...['--output-style=static', `--serviceUrl=${serviceUrl}`],
    ]);

  /** What the service knows: a vulnerability of every version of a distribution. */
  const publish = (...names: readonly string[]): void => {
    know(names, []);
  };

  /** What the service knows, and the distributions that it takes no question with. */
  const know = (names: readonly string[], refused: readonly string[]): void => {
    workspace.write(
      '../osv.json',
      JSON.stringify([
        ...refused.map((name) => ({ refuses: name, affected: [] })),
        ...names.map((name) => ({
          id: `GHSA-test-${name}`,
          summary: `${name} & "all" of it`,
          details: 'Details.',
          aliases: [`CVE-2026-${name.length}`],
          modified: '2026-01-01T00:00:00Z',
          published: '2026-01-01T00:00:00Z',
          affected: [
            {
              package: { name, ecosystem: 'PyPI' },
              ranges: [
                {
                  type: 'ECOSYSTEM',
                  events: [{ introduced: '0' }, { fixed: '999' }],
                },
              ],
            },
          ],
        })),
      ]),
    );
    forget();
  };

  const sarif = (file: string): Sarif['runs'][number] => {
    const [run] = (JSON.parse(workspace.read(`reports/${file}`)) as Sarif).runs;
    if (run === undefined) throw new Error(`${file} has no run`);
    return run;
  };

  beforeAll(async () => {
    workspace = Workspace.create('acme corp', { isIsolated: false });
    workspace.nx(['generate', 'lambda-py:init']);
    for (const service of SERVICES) {
      workspace.nx([
        ...['generate', 'lambda-py:service', service],
        ...['--source=direct', '--infra=none'],
      ]);
    }
    workspace.nx([
      ...['generate', 'lambda-py:layer', 'shared'],
      '--dependencies=idna',
    ]);
    workspace.commit('services');
    publish();
    osv = await ServerProcess.start(
      'osv-server.mjs',
      join(workspace.root, '../osv.json'),
    );
  });

  afterAll(async () => {
    await osv.stop();
    workspace.remove();
  });

  beforeEach(() => {
    publish();
    osv.lines.splice(0);
  });

  afterEach(() => {
    workspace.restore();
  });

  it('passes generated projects untouched, and asks once for each distinct pin', async () => {
    const all = 'orders,contests,shared,lambda-kit';
    const { exitCode, output } = audit(all);

    expect(output).toContain('Successfully ran target audit');
    expect(exitCode).toBe(0);
    expect(output.match(/audit: clean/g)).toHaveLength(4);
    expect(output).not.toMatch(/\b0 files of/);
    const asked = await osv.takeLines();
    expect(asked).toContainEqual(expect.stringMatching(/^pydantic \d/));
    expect(asked).toContainEqual(expect.stringMatching(/^idna \d/));
    expect(new Set(asked).size).toBe(asked.length);

    // The answers of the day serve the next run.
    expect(audit(all).exitCode).toBe(0);
    expect(await osv.takeLines()).toEqual([]);
    expect(workspace.changes()).toBe('');
  });

  it('fails each service that ships a vulnerable distribution, and no other project', () => {
    publish('pydantic');
    const { exitCode, output } = audit('orders,contests,shared,lambda-kit');

    expect(exitCode).toBe(1);
    expect(output.match(/audit: vulnerable/g)).toHaveLength(2);
    expect(output.match(/audit: clean/g)).toHaveLength(2);
    expect(output).toMatch(
      /services\/orders\/requirements\.txt:\d+: pydantic \S+: GHSA-test-pydantic \(CVE-2026-8\): pydantic & "all" of it \[fixed in 999\]/,
    );
    expect(output).toContain('uv lock --upgrade-package pydantic');
    const { results, invocations } = sarif(
      'services/orders/vulnerabilities.sarif',
    );
    const place = results[0]?.locations[0]?.physicalLocation;
    const line = workspace.read('services/orders/requirements.txt').split('\n')[
      (place?.region.startLine ?? 0) - 1
    ];
    expect(results).toHaveLength(1);
    expect(invocations).toMatchObject([{ executionSuccessful: true }]);
    expect(place?.artifactLocation.uri).toBe(
      'services/orders/requirements.txt',
    );
    expect(line).toMatch(/^pydantic==/);
  });

  it('fails where the service is down, says so, and keeps the parts apart', () => {
    const { exitCode, output } = audit(
      'orders,lambda-kit',
      'http://127.0.0.1:9',
    );

    expect(exitCode).toBe(1);
    expect(output.match(/audit: could not audit/g)).toHaveLength(1);
    expect(output.match(/audit: clean/g)).toHaveLength(1);
    expect(output).toContain('"uv audit" could not tell the vulnerabilities');
    expect(output).toContain('serviceUrl');
    expect(
      sarif('services/orders/vulnerabilities.sarif').invocations,
    ).toMatchObject([{ executionSuccessful: false }]);
  });

  it('reports what is known beside what could not be asked, and fails no other project', () => {
    know(['pydantic'], ['typing-extensions']);
    const { exitCode, output } = audit('orders,shared');

    expect(exitCode).toBe(1);
    expect(output).toContain(
      'audit: vulnerable, and could not audit all of it',
    );
    expect(output).toContain('GHSA-test-pydantic');
    expect(output).toMatch(
      /could not tell the vulnerabilities of 1 of \d+ distributions: typing-extensions \S+\n/,
    );
    expect(output.match(/audit: clean/g)).toHaveLength(1);
    const { results, invocations } = sarif(
      'services/orders/vulnerabilities.sarif',
    );
    expect(results).toHaveLength(1);
    expect(invocations).toMatchObject([{ executionSuccessful: false }]);
  });

  it('fails without a network', () => {
    const { exitCode, output } = workspace.tryNx(['run', 'orders:audit'], {
      UV_OFFLINE: '1',
    });

    expect(exitCode).toBe(1);
    expect(output).toContain('audit: could not audit');
  });

  it('passes over what is ignored for the workspace, until it expires', () => {
    publish('pydantic');
    const root = workspace.read('pyproject.toml');
    const entry = (expires: string): string =>
      `${root}\n[[tool.lambda-py.audit-ignore]]\nid = "CVE-2026-8"\nreason = "we validate nothing"\nexpires = "${expires}"\n`;
    workspace.write('pyproject.toml', entry('2999-12-31'));
    const ignored = audit('orders,contests');

    expect(ignored.output).toContain('1 ignored');
    expect(ignored.exitCode).toBe(0);

    workspace.write('pyproject.toml', entry('2020-12-31'));
    const expired = audit();

    expect(expired.exitCode).toBe(1);
    expect(expired.output).toContain(
      'pyproject.toml: [tool.lambda-py] audit-ignore: the entry for CVE-2026-8 ended on 2020-12-31 and counts no more; it said: we validate nothing',
    );
    expect(expired.output).toContain('audit: vulnerable');
  });

  it('passes over what one service ignores there alone', () => {
    publish('pydantic');
    workspace.replace(
      'services/orders/pyproject.toml',
      '[tool.lambda-py]\n',
      '[tool.lambda-py]\naudit-ignore = [\n  { id = "GHSA-test-pydantic", reason = "r", expires = "2999-12-31" },\n]\n',
    );

    expect(audit('orders').exitCode).toBe(0);
    expect(audit('contests').exitCode).toBe(1);
  });

  it('finds insecure code, in a service named like an excluded folder too', () => {
    const file = 'services/contests/src/contests/app.py';
    workspace.write(
      file,
      `${workspace.read(file)}\n\ndef run(text: str) -> object:\n    """Runs it."""\n    return eval(text)\n`,
    );
    const { exitCode, output } = audit('contests');

    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /services\/contests\/src\/contests\/app\.py:\d+: B307: /,
    );
    expect(output).toContain('audit: vulnerable');
    const { results } = sarif('services/contests/insecure-code.sarif');
    expect(results.map(({ ruleId }) => ruleId)).toEqual(['B307']);
    expect(
      results[0]?.locations[0]?.physicalLocation.artifactLocation.uri,
    ).toBe(file);
  });

  it('takes no silence of bandit for a pass', () => {
    workspace.write('services/orders/src/orders/broken.py', 'def (\n');
    const broken = audit('orders');

    expect(broken.exitCode).toBe(1);
    expect(broken.output).toContain('audit: could not audit');
    expect(broken.output).toContain('services/orders/src/orders/broken.py');

    workspace.replace(
      'pyproject.toml',
      'exclude_dirs = ["*/tests/*", "*/.venv/*"]',
      'exclude_dirs = ["tests"]',
    );
    const excluded = audit('contests');

    expect(excluded.exitCode).toBe(1);
    expect(excluded.output).toContain(
      'pyproject.toml: [tool.bandit] exclude_dirs',
    );
  });

  it('audits no requirements that are older than the lock file', () => {
    workspace.replace('services/orders/requirements.txt', 'pydantic==', 'x==');
    const { exitCode, output } = audit();

    expect(exitCode).toBe(1);
    expect(output).toContain('nx sync');
  });
});
