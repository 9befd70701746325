import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathWithoutTerraform } from './support/without-terraform';
import { Workspace } from './support/workspace';

/** A service of each kind of infrastructure code; SAM has one of each source besides. */
const SAM = 'sam-api';
const CDK = 'cdk-sqs';
const TERRAFORM = 'terraform-kinesis';

describe('infrastructure', () => {
  let workspace: Workspace;
  let sources: readonly string[];

  beforeAll(() => {
    workspace = Workspace.create('my acme', { isIsolated: false });
    workspace.nx(['generate', 'lambda-py:init', '--skipLock']);
    sources = (
      JSON.parse(
        workspace.read(
          'node_modules/lambda-py/src/generators/service/schema.json',
        ),
      ) as { properties: { source: { enum: string[] } } }
    ).properties.source.enum;
    const generate = (name: string, source: string, infra: string): void => {
      workspace.nx([
        ...['generate', 'lambda-py:service', name, `--source=${source}`],
        ...[`--infra=${infra}`, '--skipLock'],
      ]);
    };
    for (const source of sources) generate(`sam-${source}`, source, 'sam');
    generate(TERRAFORM, 'kinesis', 'terraform');
    generate('plain', 'direct', 'none');
    generate(CDK, 'sqs', 'cdk');
    workspace.expect('npm', ['install', '--no-audit', '--no-fund', '--silent']);
    workspace.nx(['generate', 'lambda-py:init']);
    workspace.commit('services');
  });

  afterEach(() => {
    workspace.restore();
  });

  afterAll(() => {
    workspace.remove();
  });

  const template = `services/${SAM}/infra/template.yaml`;

  it('passes the checks as it is generated, and has none where it is none', () => {
    workspace.nx(['run-many', '-t', 'validate', `--projects=${SAM},${CDK}`]);
    const targets = (name: string): readonly string[] =>
      Object.keys(
        (
          JSON.parse(workspace.nx(['show', 'project', name, '--json'])) as {
            targets: object;
          }
        ).targets,
      );

    expect(targets(SAM)).toContain('validate');
    expect(targets('plain')).not.toContain('validate');
    expect(workspace.changes()).toBe('');
  });

  it('is clean for every source', () => {
    const cache = join(workspace.root, '.nx/lambda-py');
    const tools = readdirSync(cache).find((name) =>
      name.startsWith('tools-sam'),
    );
    const rules = join(
      workspace.root,
      'node_modules/lambda-py/src/toolchain/infrastructure/files',
    );
    // Not E9103: the zips of the others are not packed.
    const output = workspace.expect(
      join(cache, tools ?? '', 'bin/cfn-lint'),
      [
        ...['--append-rules', join(rules, 'rules'), '--ignore-checks', 'E9103'],
        '--template',
        ...sources.map(
          (source) => `services/sam-${source}/infra/template.yaml`,
        ),
      ],
      { PYTHONPATH: rules, PYTHONDONTWRITEBYTECODE: '1' },
    );

    expect(output.trim()).toBe('');
    expect(sources).toHaveLength(10);
  });

  it('is linted and formatted as Python, the types of a CDK app left out', () => {
    workspace.nx([
      ...['run-many', '-t', 'lint', 'typecheck', `--projects=${CDK}`],
    ]);
  });

  describe('of a SAM template', () => {
    // All at once, since a run takes a while; none hides another.
    const faults: readonly (readonly [
      string,
      string | RegExp,
      string,
      string,
    ])[] = [
      [
        'a wide action',
        '- logs:PutLogEvents',
        '- logs:*',
        "E9101 'logs:*' allows more than it names",
      ],
      [
        'a wide resource',
        'Resource: !GetAtt IdempotencyTable.Arn',
        'Resource: "*"',
        "E9101 'dynamodb:PutItem' is allowed on '*'",
      ],
      [
        'a wide managed policy',
        '      Policies:\n        - PolicyName: function',
        '      ManagedPolicyArns:\n        - arn:aws:iam::aws:policy/AdministratorAccess\n      Policies:\n        - PolicyName: function',
        'allows whole services',
      ],
      [
        'a wrong runtime',
        /Runtime: python.*/,
        'Runtime: python4.2',
        "E9102 Runtime is 'python4.2', [tool.lambda-py] says 'python3.",
      ],
      [
        'another zip',
        /CodeUri: .*/,
        'CodeUri: ../nothing.zip',
        "E9103 CodeUri: '../nothing.zip' does not exist",
      ],
      [
        'a property that there is none of',
        'MemorySize: 512',
        'MemroySize: 512',
        'MemroySize',
      ],
      [
        'a reference to nothing',
        'LogGroup: !Ref Logs',
        'LogGroup: !Ref Lags',
        'Lags',
      ],
    ];
    let outcome: { readonly exitCode: number; readonly output: string };

    beforeAll(() => {
      let text = workspace.read(template);
      for (const [, from, to] of faults) {
        const planted = text.replace(from, to);
        if (planted === text) throw new Error(`no ${String(from)} in ${text}`);
        text = planted;
      }
      workspace.write(template, text);
      outcome = workspace.tryNx(['run', `${SAM}:validate`]);
    });

    it.each(faults)('catches %s', (_, __, ___, message) => {
      expect(outcome.output).toContain(message);
      expect(outcome.exitCode).not.toBe(0);
    });
  });

  it('catches a wide policy in a CDK app', () => {
    workspace.replace(
      `services/${CDK}/infra/stack.py`,
      '"dynamodb:GetItem",',
      '"dynamodb:*",',
    );
    const { exitCode, output } = workspace.tryNx(['run', `${CDK}:validate`]);

    expect(output).toMatch(/AwsSolutions-IAM5\[Action::dynamodb:\*\]/);
    expect(exitCode).not.toBe(0);
  });

  describe('of Terraform', () => {
    it('says what is not checked where no terraform is installed', () => {
      const output = workspace.nx(['run', `${TERRAFORM}:validate`], {
        PATH: pathWithoutTerraform(workspace),
      });

      expect(output).toContain('not checked: types, arguments and references');
    });

    it('catches a wide policy, a wrong runtime and what is not HCL all the same', () => {
      const plant = (file: string, from: string | RegExp, to: string): void => {
        const path = `services/${TERRAFORM}/infra/${file}`;
        workspace.write(path, workspace.read(path).replace(from, to));
      };
      plant('permissions.tf', 'logs:PutLogEvents', 'logs:*');
      plant('main.tf', /"python3\.\d+"/, '"python4.2"');
      plant('variables.tf', 'variable "description" {', 'variable {{');
      const { exitCode, output } = workspace.tryNx(
        ['run', `${TERRAFORM}:validate`],
        { PATH: pathWithoutTerraform(workspace) },
      );

      expect(output).toContain("'logs:*' allows more than it names");
      expect(output).toContain("runtime is 'python4.2', [tool.lambda-py] says");
      expect(output).toMatch(/variables\.tf: not HCL/);
      expect(exitCode).not.toBe(0);
    });

    it('asks a terraform that is installed, which may have no registry', () => {
      const { error, status } = installedTerraform();
      if (error || status !== 0) return;
      const { exitCode, output } = workspace.tryNx([
        ...['run', `${TERRAFORM}:validate`],
      ]);

      if (exitCode !== 0) {
        expect(output).toContain('could not get the providers');
      }
    });
  });

  it('has hooks that pass what is generated', () => {
    const output = workspace.expect(
      join(workspace.root, '.venv/bin/pre-commit'),
      ['run', '--all-files'],
    );

    expect(output.match(/Passed/g)).toHaveLength(4);
  });

  it('has hooks that find a fault', () => {
    workspace.write(
      'services/plain/src/plain/secret.py',
      '"""New."""\n\nimport subprocess\n\n\ndef run(name: str) -> None:\n    """Run it."""\n    subprocess.call(name, shell=True)\n',
    );
    workspace.expect('git', ['add', '--all']);
    const { exitCode, output } = workspace.run(
      join(workspace.root, '.venv/bin/pre-commit'),
      ['run'],
    );

    expect(output).toContain('shell=True');
    expect(exitCode).not.toBe(0);
  });

  it('changes nothing when the generators run again', () => {
    workspace.nx(['generate', 'lambda-py:service', CDK, '--source=sqs']);
    workspace.nx(['generate', 'lambda-py:init']);

    expect(workspace.changes()).toBe('');
  });

  function installedTerraform() {
    try {
      return { status: workspace.run('terraform', ['version']).exitCode };
    } catch (error) {
      return { status: -1, error };
    }
  }
});
